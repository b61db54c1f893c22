using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Tests;

/// <summary>Ports where no certificate is to be had.</summary>
public sealed class FakeServerTests : IDisposable
{
    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();

    public void Dispose() => _random.Dispose();

    [Fact]
    public async Task A_name_without_address_is_said_to_have_none() =>
        (await Check(new Target("no-such-host.invalid", 443))).Findings.ShouldHaveSingleItem().Code.ShouldBe("not_resolved");

    [Fact]
    public async Task A_port_where_nobody_listens_is_unreachable()
    {
        using var held = new Socket(SocketType.Stream, ProtocolType.Tcp);
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, so that nobody else gets it, and not listening

        (await Check(new Target("127.0.0.1", ((IPEndPoint)held.LocalEndPoint!).Port))).Findings.ShouldHaveSingleItem().Code.ShouldBe("unreachable");
    }

    [Fact]
    public async Task A_server_of_another_protocol_has_no_tls() =>
        (await Answered("SSH-2.0-OpenSSH_9.2p1\r\n"u8.ToArray())).Findings.ShouldHaveSingleItem().Code.ShouldBe("no_tls");

    [Fact]
    public async Task A_server_that_says_nothing_has_no_tls_once_patience_ends() =>
        (await Answered([], TimeSpan.FromMilliseconds(300))).Findings.ShouldHaveSingleItem().Code.ShouldBe("no_tls");

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_named_by_its_place()
    {
        var verdict = await Answered(Flights.Write(TlsVersion.Tls12, Cases.Good.Certificate.RawData, [0x30, 0x03, 0x02, 0x01, 0x05]));

        var finding = verdict.Findings.Single(f => f.Code == "unreadable_certificate");
        finding.Detail.ShouldStartWith("certificate 2 of 2: ");
        verdict.Seen.Certificates.ShouldHaveSingleItem().Sha256.ShouldBe(Cases.Good.Read.Sha256);
    }

    [Fact]
    public async Task Stops_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var look = new TlsProbe(TimeProvider.System, _random, TimeSpan.FromMinutes(1)).Look(new Target("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port), "good.test", stop.Token);
        using var client = await listener.AcceptTcpClientAsync();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(look);
    }

    /// <summary>A server that answers every connection with the same bytes.</summary>
    private async Task<Verdict> Answered(byte[] answer, TimeSpan? patience = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        using var stop = new CancellationTokenSource();
        listener.Start();
        var serving = Serve(listener, answer, stop.Token);
        var verdict = await Check(new Target("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port), patience);
        await stop.CancelAsync();
        await serving;
        return verdict;
    }

    private static async Task Serve(TcpListener listener, byte[] answer, CancellationToken ct)
    {
        var connections = new List<TcpClient>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(ct);
                connections.Add(client);
                await client.GetStream().WriteAsync(answer, ct);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            connections.ForEach(c => c.Dispose());
        }
    }

    private async Task<Verdict> Check(Target target, TimeSpan? patience = null)
    {
        var seen = await new TlsProbe(TimeProvider.System, _random, patience ?? TimeSpan.FromSeconds(30)).Look(target, "good.test", CancellationToken.None);
        return Checker.Judge([seen], TrustStore.Of("none", [Cases.Root.Read]), DateTimeOffset.UtcNow)[0];
    }
}

/// <summary>What a server of TLS 1.2 sends first, made by hand.</summary>
internal static class Flights
{
    public static byte[] Write(TlsVersion version, params byte[][] certificates) => Write(version, 0xC02F, certificates);

    public static byte[] Write(TlsVersion version, ushort suite, params byte[][] certificates)
    {
        byte[] hello = [3, (byte)((int)version & 0xFF), .. new byte[32], 0, (byte)(suite >> 8), (byte)suite, 0];
        byte[] list = [.. certificates.SelectMany(c => (byte[])[.. Three(c.Length), .. c])];
        return [.. Record([.. Message(2, hello), .. Message(11, [.. Three(list.Length), .. list])])];
    }

    private static byte[] Record(byte[] content) => [22, 3, 3, (byte)(content.Length >> 8), (byte)content.Length, .. content];

    private static byte[] Message(byte type, byte[] body) => [type, .. Three(body.Length), .. body];

    private static byte[] Three(int number) => [(byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
