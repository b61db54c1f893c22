using System.ComponentModel;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Countersign.TlsChecks.Probing;

/// <summary>A handshake as a client of today makes it, with TLS 1.2 and 1.3, which looks at everything and believes nothing.</summary>
internal sealed record Handshake(ProbeState State)
{
    // IANA: ports where TLS carries something else, and whose servers would stumble over an HTTP request
    private static readonly int[] NotHttp = [465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 3269, 5061, 5223, 5269, 5349, 6514, 6697, 8883];

    private static readonly TimeSpan HttpPatience = TimeSpan.FromSeconds(1);

    public IReadOnlyList<byte[]> Certificates { get; private set; } = [];

    public string? Suite { get; private set; }

    public string? ServerType { get; private set; }

    public string? Fault { get; private set; }

    public static async Task<Handshake?> Try(IPAddress[] addresses, int port, string name, TimeProvider? httpClock, CancellationToken ct)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(addresses, port, ct);
        }
        catch (SocketException refused)
        {
            return new Handshake(ProbeState.Unreachable) { Fault = refused.Message };
        }

        var made = new Handshake(ProbeState.Done);
        await using var tls = new SslStream(new NetworkStream(socket));
        try
        {
            await tls.AuthenticateAsClientAsync(made.Options(name), ct);
            made.Suite = tls.NegotiatedCipherSuite.ToString();
            made.ServerType = httpClock is null || NotHttp.Contains(port) || Uri.CheckHostName(name) == UriHostNameType.Unknown ? null : await AskHttp(tls, name, httpClock, ct);
        }
        catch (OperationCanceledException)
        {
            made.Fault = "no answer in time"; // somebody is there; whether it was the caller who had enough, the caller knows
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException or CryptographicException or Win32Exception or InvalidOperationException or ArgumentException)
        {
            made.Fault = failed.InnerException?.Message ?? failed.Message;
        }

        return made;
    }

    private SslClientAuthenticationOptions Options(string name) => new()
    {
        TargetHost = name,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        RemoteCertificateValidationCallback = (_, leaf, chain, _) =>
        {
            var sent = chain?.ChainPolicy.ExtraStore.Select(c => c.RawData).ToList() ?? [];
            if (leaf is not null && (sent.Count == 0 || !sent[0].AsSpan().SequenceEqual(leaf.GetRawCertData())))
            {
                sent.Insert(0, leaf.GetRawCertData());
            }

            Certificates = sent;
            return true;
        },

        // the platform builds a chain before it asks: it shall not fetch anything for that
        CertificateChainPolicy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        },
    };

    /// <summary>What the Server field of RFC 9110, 10.2.4 says, if this is HTTP.</summary>
    private static async Task<string?> AskHttp(SslStream tls, string name, TimeProvider time, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(HttpPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            await tls.WriteAsync(Encoding.ASCII.GetBytes($"HEAD / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\nUser-Agent: countersign\r\n\r\n"), both.Token);
            var answer = new byte[8192];
            var length = 0;
            int more;
            while (length < answer.Length && (more = await tls.ReadAsync(answer.AsMemory(length), both.Token)) > 0)
            {
                length += more;
                var head = Encoding.ASCII.GetString(answer, 0, length);
                if (!head.StartsWith("HTTP/", StringComparison.Ordinal))
                {
                    return null;
                }

                if (head.Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    return head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Server:", StringComparison.OrdinalIgnoreCase))?["Server:".Length..].Trim();
                }
            }
        }
        catch (Exception silent) when (silent is IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return null;
        }

        return null;
    }
}
