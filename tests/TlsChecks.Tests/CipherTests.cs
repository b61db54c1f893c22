using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Tests;

/// <summary>Cipher suites that openssl no longer speaks: GnuTLS does, and for the oldest a server made by hand.</summary>
public sealed class CipherTests : IDisposable
{
    private static readonly Made Leaf = new Wish { Key = RSA.Create(2048), Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment }.From(Cases.Issuing);

    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-checks-").FullName;

    public void Dispose()
    {
        _random.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("+3DES-CBC", "3des", Severity.Warning)]
    [InlineData("+ARCFOUR-128", "rc4", Severity.Critical)]
    [InlineData("+NULL", "null", Severity.Critical)]
    public async Task What_a_server_of_GnuTLS_accepts_is_seen(string priority, string family, Severity severity)
    {
        using var server = await GnuTlsServer.Start(_folder, Leaf, "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1:" + priority);

        var verdict = await Check(new Target("127.0.0.1", server.Port));

        verdict.Seen.Ciphers.Where(o => o is { Suite: not null, Family.Grade: > 'B' }).ShouldHaveSingleItem().Family.Name.ShouldBe(family);
        var finding = verdict.Findings.ShouldHaveSingleItem();
        finding.Code.ShouldBe("weak_cipher");
        finding.Severity.ShouldBe(severity);
    }

    [Fact]
    public async Task Every_suite_that_is_not_offered_to_good_servers_is_seen_where_a_server_takes_it()
    {
        var weak = CipherFamily.All.Where(f => f.Grade > 'B').SelectMany(f => f.Suites.Select(suite => (Family: f, Suite: suite))).ToList();
        foreach (var (family, suite) in weak.Where((_, i) => i % 7 == 0).Concat(weak.Where(w => w.Family == CipherFamily.Export)))
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            using var stop = new CancellationTokenSource();
            listener.Start();
            var serving = Serve(listener, suite, stop.Token);

            var verdict = await Check(new Target("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port));
            await stop.CancelAsync();
            await serving;

            verdict.Seen.Ciphers.Where(o => o.Suite is not null).ShouldHaveSingleItem().Family.ShouldBe(family);
            verdict.Findings.ShouldContain(f => f.Code == "weak_cipher");
        }
    }

    private async Task<Verdict> Check(Target target)
    {
        var seen = await new TlsProbe(TimeProvider.System, _random, TimeSpan.FromSeconds(30)) { AsksHttp = false }.Look(target, "good.test", CancellationToken.None);
        return Checker.Judge([seen], TrustStore.Of("the root", [Cases.Root.Read]), DateTimeOffset.UtcNow)[0];
    }

    /// <summary>Shows a certificate to whoever offers what everybody offers, and takes this one suite where nothing better is offered.</summary>
    private static async Task Serve(TcpListener listener, ushort suite, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(ct);
                var stream = client.GetStream();
                var head = new byte[5];
                await stream.ReadExactlyAsync(head, ct);
                var hello = new byte[(head[3] << 8) | head[4]];
                await stream.ReadExactlyAsync(hello, ct);
                var at = 4 + 34 + 1 + hello[38];
                var offered = Enumerable.Range(0, ((hello[at] << 8) | hello[at + 1]) / 2).Select(i => (ushort)((hello[at + 2 + (2 * i)] << 8) | hello[at + 3 + (2 * i)])).ToList();
                ushort? chosen = offered.Count > 20 ? (ushort)0xC02F : offered.Contains(suite) ? suite : null;
                await stream.WriteAsync(chosen is { } one ? Flights.Write(TlsVersion.Tls12, one, Leaf.Certificate.RawData, Cases.Issuing.Certificate.RawData) : [21, 3, 3, 0, 2, 2, 40], ct);
                client.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null, ct);
            }
        }
        catch (OperationCanceledException)
        {
            // the test is over
        }
    }
}
