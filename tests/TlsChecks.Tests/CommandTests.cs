using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Countersign.TlsChecks.Tests;

/// <summary>countersign check and countersign bundle, as a person or a monitoring system runs them.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-checks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Scenario", "TST-A1")]
    public async Task Shows_every_fact_of_a_good_server_and_ends_with_0()
    {
        await using var server = HttpServer.Start();
        var (exit, output, _) = await Run("check", $"127.0.0.1:{server.Port}", "--name", "good.test", "--ca", Roots());

        exit.ShouldBe(0, output);
        var certificate = Cases.Good.Read;
        output.ShouldStartWith($"OK: 127.0.0.1:{server.Port} good, 324 days left");
        string[] facts =
        [
            "127.0.0.1", "test-server/1", "1.2, 1.3", "CN=good.test", "dns:good.test", "yes (good.test)", "CN=Test Issuing", "yes (", certificate.SerialHex,
            new System.Numerics.BigInteger(certificate.Serial, isUnsigned: true, isBigEndian: true).ToString(), "ECDSA with SHA-256", "EC P-256", certificate.Sha256,
            "1. CN=good.test, issued by CN=Test Issuing", "2. CN=Test Issuing, issued by CN=Test Root", $"{certificate.NotAfter:yyyy-MM-dd HH:mm:ss} +00:00",
        ];
        facts.ShouldAllBe(fact => output.Contains(fact, StringComparison.Ordinal), output);
    }

    [Fact]
    [Trait("Scenario", "TST-A1")]
    public async Task Says_how_the_port_of_the_phones_answers_the_offer_of_a_WebSocket()
    {
        const int port = 36008;
        var own = new IPAddress([127, 77, (byte)Random.Shared.Next(256), (byte)Random.Shared.Next(1, 255)]); // nobody else has this port there
        await using var server = HttpServer.Start(new IPEndPoint(own, port));
        var (exit, output, _) = await Run("check", $"{own}:{port}", "--name", "good.test", "--ca", Roots(), "--json");

        exit.ShouldBe(0, output);
        using var answer = JsonDocument.Parse(output);
        var listener = answer.RootElement.GetProperty("listeners")[0];
        listener.GetProperty("webSocket").GetString().ShouldBe("101 Switching Protocols");
        listener.GetProperty("serverType").GetString().ShouldBe("test-server/1");
    }

    [Fact]
    public async Task Grades_the_ciphers_and_lists_what_is_accepted()
    {
        using var server = await OpenSslServer.Start(_folder, Cases.Good.Pem + Cases.Issuing.Pem, Cases.Good.KeyPem, "-cipher", "ALL:eNULL:!aNULL:@SECLEVEL=0", "-min_protocol", "TLSv1.2");
        string[] arguments = ["check", $"127.0.0.1:{server.Port}", "--name", "good.test", "--ca", Roots()];

        var shown = await Run(arguments);
        shown.Exit.ShouldBe(2);
        shown.Output.ShouldContain("F  without encryption (NULL)           TLS_ECDHE_ECDSA_WITH_NULL_SHA");
        shown.Output.ShouldContain("F  RC4                                 no");

        using var answer = JsonDocument.Parse((await Run([.. arguments, "--json"])).Output);
        var listener = answer.RootElement.GetProperty("listeners")[0];
        listener.GetProperty("cipherGrade").GetString().ShouldBe("F");
        listener.GetProperty("ciphers").EnumerateArray().Where(c => c.GetProperty("accepted").GetBoolean()).Select(c => c.GetProperty("family").GetString()).ShouldBe(["recommended", "chained", "null"]);
    }

    [Fact]
    [Trait("Scenario", "TST-A2")]
    public async Task Ends_with_2_where_clients_fail_and_says_what_to_do()
    {
        using var server = await Serve(Cases.All["intermediate not sent"]());
        var (exit, output, _) = await Run("check", $"127.0.0.1:{server.Port}", "--name", "good.test", "--ca", Roots());

        exit.ShouldBe(2);
        output.ShouldStartWith($"CRITICAL: 127.0.0.1:{server.Port} unable_to_verify_leaf");
        output.ShouldContain("critical unable_to_verify_leaf");
        output.ShouldContain("http://ca.test/issuing.cer");
        output.ShouldContain("Do: Install the missing intermediate");
    }

    [Fact]
    [Trait("Scenario", "TST-A3")]
    public async Task Names_both_ports_of_a_host_that_differ_and_ends_with_1()
    {
        using var right = await Serve(new Case("", [Cases.Good, Cases.Issuing]));
        using var wrong = await Serve(new Case("", [new Wish().From(Cases.Issuing), Cases.Issuing]));
        var (exit, output, _) = await Run("check", $"127.0.0.1:{right.Port}", $"127.0.0.1:{wrong.Port}", "--name", "good.test", "--ca", Roots(), "--json");

        exit.ShouldBe(1, output);
        using var answer = JsonDocument.Parse(output);
        answer.RootElement.GetProperty("state").GetString().ShouldBe("Warning");
        var listeners = answer.RootElement.GetProperty("listeners").EnumerateArray().ToList();
        listeners[0].GetProperty("findings").GetArrayLength().ShouldBe(0);
        listeners[0].GetProperty("trusted").GetBoolean().ShouldBeTrue();
        listeners[0].GetProperty("chain")[0].GetProperty("serial").GetString().ShouldBe(Cases.Good.Read.SerialHex);
        var finding = listeners[1].GetProperty("findings")[0];
        finding.GetProperty("code").GetString().ShouldBe("listeners_differ");
        finding.GetProperty("detail").GetString()!.ShouldContain($"127.0.0.1:{right.Port} shows \"CN=good.test\"");
    }

    [Theory]
    [InlineData("issuing.crl")]
    [InlineData("ocsp")]
    public async Task Fetches_lists_and_asks_responders_unless_told_not_to(string what)
    {
        using var nobody = new Socket(SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, so that nobody else gets it, and not listening
        var address = $"http://127.0.0.1:{((IPEndPoint)nobody.LocalEndPoint!).Port}/{what}";
        var named = what == "ocsp" ? (X509Extension)new X509AuthorityInformationAccessExtension([address], null) : CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([address]);
        using var server = await Serve(new Case("", [new Wish { Extra = named }.From(Cases.Issuing), Cases.Issuing]));
        string[] arguments = ["check", $"127.0.0.1:{server.Port}", "--name", "good.test", "--ca", Roots()];

        var asked = await Run(arguments);
        asked.Exit.ShouldBe(1);
        asked.Output.ShouldContain("revocation_unknown");
        asked.Output.ShouldContain(address);
        (await Run([.. arguments, "--no-revocation"])).Exit.ShouldBe(0);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    [Trait("Scenario", "TST-A6")]
    public async Task Lists_the_presented_certificates_as_openssl_shows_them(string version)
    {
        using var server = await OpenSslServer.Start(_folder, Cases.Good.Pem + Cases.Root.Pem + Cases.Issuing.Pem + Cases.Issuing.Pem, Cases.Good.KeyPem, version);
        var (_, output, _) = await Run("check", "--chain", $"127.0.0.1:{server.Port}", "--name", "good.test", "--ca", Roots());

        var stock = await OpenSslRun.Try(_folder, "s_client", "-connect", $"127.0.0.1:{server.Port}", "-showcerts");
        var presented = X509Pem(stock.Output);
        presented.Count.ShouldBe(4);
        X509Pem(output).ShouldBe(presented);
    }

    [Theory]
    [InlineData("no-such-host.invalid", "not_resolved")]
    [InlineData("127.0.0.1:1 --ca no-such-file", "ca_unreadable")]
    [InlineData("127.0.0.1:1 --ca .", "ca_unreadable")]
    public async Task Ends_with_3_and_a_line_for_monitoring_where_nothing_could_be_checked(string arguments, string code)
    {
        var (exit, output, error) = await Run(["check", .. arguments.Split(' ')]);

        exit.ShouldBe(3, output + error);
        output.Split('\n')[0].ShouldStartWith("UNKNOWN: ");
        (output + error).ShouldContain(code);
    }

    [Theory]
    [InlineData("host:port")]
    [InlineData("https://host/")]
    [InlineData("pbx:0")]
    public async Task Ends_with_2_where_a_target_is_none(string target)
    {
        var (exit, _, error) = await Run("check", target);

        exit.ShouldBe(2);
        error.ShouldContain("[bad_target]");
    }

    [Fact]
    [Trait("Scenario", "TST-A4")]
    public async Task Sorts_a_bundle_drops_the_copy_and_writes_each_certificate_to_its_file()
    {
        var file = OpenSslServer.Write(_folder, "mixed.pem", Cases.Root.Pem + Cases.Issuing.Pem + Cases.Good.Pem + Cases.Issuing.Pem);
        var split = Path.Combine(_folder, "split");
        var (exit, output, error) = await Run("bundle", "sort", file, "--split", split, "--json");

        exit.ShouldBe(0, error);
        using var answer = JsonDocument.Parse(output);
        var parts = answer.RootElement.GetProperty("certificates").EnumerateArray().ToList();
        parts.Select(p => p.GetProperty("role").GetString()).ShouldBe(["leaf", "intermediate", "root"]);
        parts.Select(p => p.GetProperty("needed").GetBoolean()).ShouldBe([true, true, false]);
        parts[1].GetProperty("places").EnumerateArray().Select(p => p.GetInt32()).ShouldBe([2, 4]);
        Directory.GetFiles(split).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["1-leaf.pem", "2-intermediate.pem", "3-root.pem", "bundle.pem"]);
        (await File.ReadAllTextAsync(Path.Combine(split, "bundle.pem"))).ShouldBe(Cases.Good.Pem + Cases.Issuing.Pem);
        (await File.ReadAllTextAsync(Path.Combine(split, "3-root.pem"))).ShouldBe(Cases.Root.Pem);
    }

    [Fact]
    [Trait("Scenario", "TST-A4")]
    public async Task Shows_a_bundle_to_people_and_overwrites_nothing_unasked()
    {
        var file = OpenSslServer.Write(_folder, "mixed.pem", Cases.Root.Pem + Cases.Good.Pem + Cases.Good.Pem + Cases.Issuing.Pem);
        var (exit, output, _) = await Run("bundle", "sort", file);
        exit.ShouldBe(0);
        output.ShouldContain("not needed: a server does not send it");
        output.ShouldContain("doubled in the file");

        OpenSslServer.Write(_folder, "bundle.pem", "kept");
        var again = await Run("bundle", "sort", file, "--split", _folder);
        again.Exit.ShouldBe(9);
        (await File.ReadAllTextAsync(Path.Combine(_folder, "bundle.pem"))).ShouldBe("kept");
        File.Exists(Path.Combine(_folder, "1-leaf.pem")).ShouldBeFalse();
    }

    private static List<string> X509Pem(string text)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(text);
        return [.. certificates.Select(c => c.Thumbprint)];
    }

    private string Roots() => OpenSslServer.Write(_folder, "roots.pem", Cases.Root.Pem);

    private Task<OpenSslServer> Serve(Case one) => OpenSslServer.Start(_folder, string.Concat(one.Chain.Select(c => c.Pem)), one.Chain[0].KeyPem);

    private Task<(int Exit, string Output, string Error)> Run(params string[] arguments) => CountersignProgram.Run(_folder, arguments);
}
