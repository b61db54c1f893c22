using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Countersign.TlsChecks.Tests;

/// <summary>A newer root cross-signed by an older one, and clients that have only the older.</summary>
public sealed class ChainAdviceTests : IDisposable
{
    private static readonly Made Newer = Made.Root("Newer Root");
    private static readonly Made Older = Made.Root("Older Root");
    private static readonly Made Cross = new Wish { Subject = "Newer Root", IsAuthority = true, Key = Newer.Key, Days = 1000 }.From(Older);
    private static readonly Made CrossThatEnded = new Wish { Subject = "Newer Root", IsAuthority = true, Key = Newer.Key, Days = 30 }.From(Older);
    private static readonly Made Issuing = new Wish { Subject = "Newer Issuing", IsAuthority = true, Days = 1000 }.From(Newer);
    private static readonly Made Leaf = new Wish().From(Issuing);

    private readonly string _folder = Directory.CreateTempSubdirectory("tls-checks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("from --extra", false)]
    [InlineData("from --extra", true)]
    [InlineData("from --ca", false)]
    [Trait("Scenario", "TST-A5")]
    public async Task The_chain_through_the_cross_certificate_is_proposed_and_verifies(string where, bool sendsNewerRoot)
    {
        var cross = OpenSslServer.Write(_folder, "cross.pem", CrossThatEnded.Pem + Cross.Pem);
        var roots = OpenSslServer.Write(_folder, "older.pem", where == "from --ca" ? Older.Pem + Cross.Pem : Older.Pem);
        using var server = await OpenSslServer.Start(_folder, Leaf.Pem + Issuing.Pem + (sendsNewerRoot ? Newer.Pem : ""), Leaf.KeyPem);

        await ProposesAndVerifies(server, roots, sendsNewerRoot, where == "from --extra" ? ["--extra", cross] : []);
    }

    [Fact]
    [Trait("Scenario", "TST-A5")]
    public async Task A_cross_certificate_is_fetched_where_the_certificate_says_it_is()
    {
        using var shelf = new TcpListener(IPAddress.Loopback, 0);
        shelf.Start();
        var issuing = new Wish { Subject = "Newer Issuing", IsAuthority = true, Days = 1000, IssuerAt = $"http://127.0.0.1:{((IPEndPoint)shelf.LocalEndpoint).Port}/cross.cer" }.From(Newer);
        var leaf = new Wish().From(issuing);
        using var server = await OpenSslServer.Start(_folder, leaf.Pem + issuing.Pem, leaf.KeyPem);
        var giving = RevocationTests.Give(shelf, Cross.Certificate.RawData);

        await ProposesAndVerifies(server, OpenSslServer.Write(_folder, "older.pem", Older.Pem), false, "--fetch-issuers");
        await giving;
    }

    [Fact]
    public async Task A_missing_intermediate_is_fetched_and_stays_a_finding()
    {
        using var shelf = new TcpListener(IPAddress.Loopback, 0);
        shelf.Start();
        var leaf = new Wish { IssuerAt = $"http://127.0.0.1:{((IPEndPoint)shelf.LocalEndpoint).Port}/issuing.cer" }.From(Cases.Issuing);
        using var server = await OpenSslServer.Start(_folder, leaf.Pem, leaf.KeyPem);
        var giving = RevocationTests.Give(shelf, Cases.Issuing.Certificate.RawData);

        var (exit, output, _) = await CountersignProgram.Run(_folder, "check", $"127.0.0.1:{server.Port}", "--name", "good.test", "--ca", OpenSslServer.Write(_folder, "roots.pem", Cases.Root.Pem), "--fetch-issuers");
        await giving;

        exit.ShouldBe(2);
        output.ShouldContain("unable_to_verify_leaf");
        output.ShouldContain("2. CN=Test Issuing, issued by CN=Test Root");
    }

    [Fact]
    public async Task Nothing_is_proposed_where_only_a_cross_certificate_that_ended_is_known()
    {
        using var server = await OpenSslServer.Start(_folder, Leaf.Pem + Issuing.Pem, Leaf.KeyPem);
        var chain = Path.Combine(_folder, "chain.pem");

        var (exit, output, error) = await CountersignProgram.Run(
            _folder, "check", $"127.0.0.1:{server.Port}", "--name", "good.test", "--ca", OpenSslServer.Write(_folder, "older.pem", Older.Pem),
            "--extra", OpenSslServer.Write(_folder, "ended.pem", CrossThatEnded.Pem), "--chain-out", chain);

        exit.ShouldBe(2);
        output.ShouldNotContain("Chain to send");
        error.ShouldContain("No chain was written");
        File.Exists(chain).ShouldBeFalse();
    }

    private async Task ProposesAndVerifies(OpenSslServer server, string roots, bool sendsNewerRoot, params string[] options)
    {
        var chain = Path.Combine(_folder, "chain.pem");
        var (exit, output, error) = await CountersignProgram.Run(_folder, ["check", $"127.0.0.1:{server.Port}", "--name", "good.test", "--ca", roots, "--chain-out", chain, "--json", .. options]);

        exit.ShouldBe(2, output + error);
        using var answer = JsonDocument.Parse(output);
        var listener = answer.RootElement.GetProperty("listeners")[0];
        listener.GetProperty("trusted").GetBoolean().ShouldBeFalse();
        listener.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString()).ShouldBe([sendsNewerRoot ? "self_signed_in_chain" : "issuer_unknown"]);
        listener.GetProperty("proposedChain").EnumerateArray().Select(c => c.GetProperty("issuer").GetString()).ShouldBe(["CN=Newer Issuing", "CN=Newer Root", "CN=Older Root"]);

        string[] verify = ["verify", "-CAfile", OpenSslServer.Write(_folder, "anchor.pem", Older.Pem), "-no-CApath", "-no-CAstore", "-purpose", "sslserver"];
        (await OpenSslRun.Try(_folder, [.. verify, "-untrusted", OpenSslServer.Write(_folder, "sent.pem", Issuing.Pem + Newer.Pem), chain])).Exit.ShouldBe(2);
        (await OpenSslRun.Of(_folder, [.. verify, "-untrusted", chain, chain])).ShouldContain("OK");
        (await server.Verify(_folder, Older.Pem, "good.test")).ShouldNotBe(0);
        using var mended = await OpenSslServer.Start(_folder, await File.ReadAllTextAsync(chain), await File.ReadAllTextAsync(server.KeyFile));
        (await mended.Verify(_folder, Older.Pem, "good.test")).ShouldBe(0);
    }
}
