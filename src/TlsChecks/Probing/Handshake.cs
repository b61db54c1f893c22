using System.ComponentModel;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Countersign.Pki;

namespace Countersign.TlsChecks.Probing;

/// <summary>A handshake as a client of today makes it, with TLS 1.2 and 1.3, which looks at everything and believes nothing.</summary>
internal sealed record Handshake(ProbeState State)
{
    // IANA: ports where TLS carries something else, and whose servers would stumble over an HTTP request
    private static readonly int[] NotHttp = [465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 3269, 5061, 5223, 5269, 5349, 6514, 6697, 8883];

    // the port where phones open their WebSocket
    private const int WebSocketPort = 36008;

    private static readonly TimeSpan HttpPatience = TimeSpan.FromSeconds(1);

    public IReadOnlyList<byte[]> Certificates { get; private set; } = [];

    public string? Suite { get; private set; }

    public string? ServerType { get; private set; }

    public string? WebSocket { get; private set; }

    public string? Fault { get; private set; }

    public static async Task<Handshake?> Try(IPAddress[] addresses, Target target, string name, TimeProvider? httpClock, CancellationToken ct)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(addresses, target.Port, ct);
        }
        catch (SocketException refused)
        {
            return new Handshake(ProbeState.Unreachable) { Fault = refused.Message };
        }

        var made = new Handshake(ProbeState.Done);
        var stream = new NetworkStream(socket);
        await using var tls = new SslStream(stream);
        try
        {
            await StartTlsDialog.Begin(stream, target.StartTls, ct);
            await tls.AuthenticateAsClientAsync(made.Options(name), ct);
            made.Suite = tls.NegotiatedCipherSuite.ToString();
            if (httpClock is not null && target.StartTls == StartTls.None && !NotHttp.Contains(target.Port) && Uri.CheckHostName(name) != UriHostNameType.Unknown)
            {
                var opens = target.Port == WebSocketPort;
                var head = await AskHttp(tls, name, opens, httpClock, ct);
                made.ServerType = head.FirstOrDefault(line => line.StartsWith("Server:", StringComparison.OrdinalIgnoreCase))?["Server:".Length..].Trim();
                made.WebSocket = !opens ? null : head is [var status, ..] && status.IndexOf(' ', StringComparison.Ordinal) is > 0 and var at ? status[(at + 1)..] : "no HTTP";
            }
        }
        catch (OperationCanceledException)
        {
            made.Fault = "no answer in time"; // somebody is there; whether it was the caller who had enough, the caller knows
        }
        catch (RefusalException refused)
        {
            made.Fault = refused.Detail;
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

    /// <summary>The head of the answer line by line, if this is HTTP; else nothing.</summary>
    private static async Task<string[]> AskHttp(SslStream tls, string name, bool opensWebSocket, TimeProvider time, CancellationToken ct)
    {
        // RFC 6455, 1.3: the key only shows that the answer is to this question; nothing hangs on it here
        var question = opensWebSocket
            ? $"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: Y291bnRlcnNpZ24gY2hlY2s=\r\nUser-Agent: countersign\r\n\r\n"
            : $"HEAD / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\nUser-Agent: countersign\r\n\r\n";
        using var deadline = new CancellationTokenSource(HttpPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            await tls.WriteAsync(Encoding.ASCII.GetBytes(question), both.Token);
            var answer = new byte[8192];
            var length = 0;
            int more;
            while (length < answer.Length && (more = await tls.ReadAsync(answer.AsMemory(length), both.Token)) > 0)
            {
                length += more;
                var head = Encoding.ASCII.GetString(answer, 0, length);
                if (!head.StartsWith("HTTP/", StringComparison.Ordinal))
                {
                    return [];
                }

                if (head.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end)
                {
                    return head[..end].Split("\r\n");
                }
            }
        }
        catch (Exception silent) when (silent is IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return [];
        }

        return [];
    }
}
