using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Client.SignIn;

/// <summary>What a server showed when it was first met.</summary>
/// <param name="Trusted">True if the machine's trust store vouches for it.</param>
/// <param name="Subject">Subject of its certificate.</param>
/// <param name="Issuer">Issuer of its certificate.</param>
/// <param name="Own">SHA-256 of its own certificate.</param>
/// <param name="Pin">SHA-256 to pin: of the highest issuer it sent, else of its own certificate.</param>
internal sealed record Meeting(bool Trusted, string Subject, string Issuer, string Own, string Pin);

/// <summary>Meets a server without sending it anything secret, to learn what it shows.</summary>
internal static class FirstUse
{
    public static async Task<Meeting> Meet(Uri server, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        Meeting? met = null;
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(server.Host, server.Port, limit.Token);
            await using var tls = new SslStream(socket.GetStream());
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = server.Host,
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    {
                        met = Describe((X509Certificate2)certificate!, chain!, errors);
                        return met.Trusted;
                    },
                },
                limit.Token);
            return met!;
        }
        catch (Exception e) when (met is not null && e is (AuthenticationException or IOException))
        {
            return met;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            var refusal = await SpeaksHttp(server, ct) ? "plain_http" : "no_tls";
            throw new Stop(ExitCode.Unreachable, refusal, server.GetLeftPart(UriPartial.Authority), e.Message);
        }
        catch (SocketException e)
        {
            throw new HttpRequestException(e.Message, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new HttpRequestException(Text.Of("stop.timeout"), e);
        }
    }

    /// <summary>Asks for nothing, to hear in what manner it is answered.</summary>
    private static async Task<bool> SpeaksHttp(Uri server, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(server.Host, server.Port, limit.Token);
            var stream = socket.GetStream();
            await stream.WriteAsync("HEAD / HTTP/1.0\r\n\r\n"u8.ToArray(), limit.Token);
            var start = new byte["HTTP/"u8.Length];
            return await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, limit.Token) == start.Length && start.AsSpan().SequenceEqual("HTTP/"u8);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private static Meeting Describe(X509Certificate2 leaf, X509Chain chain, SslPolicyErrors errors)
    {
        using var own = new X509Chain();
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.DisableCertificateDownloads = true;
        own.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        own.Build(leaf);
        var top = own.ChainElements[^1].Certificate;
        return new Meeting(errors == SslPolicyErrors.None, leaf.Subject, leaf.Issuer, CertificateCheck.Fingerprint(leaf), CertificateCheck.Fingerprint(top));
    }
}
