using System.Security.Cryptography;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Tests;

/// <summary>Real servers, each wrong in one way, looked at by this product and by openssl s_client.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-checks-").FullName;

    public static TheoryData<string> Names() => [.. Cases.All.Keys];

    public void Dispose()
    {
        _random.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Trait("Scenario", "TST-A1")]
    public async Task A_good_server_has_no_finding_and_openssl_says_verify_code_0()
    {
        using var server = await Serve(new Case("", [Cases.Good, Cases.Issuing]));

        var verdict = await Check(server, [Cases.Root]);

        verdict.Findings.ShouldBeEmpty();
        verdict.Path!.IsTrusted.ShouldBeTrue();
        verdict.Seen.Certificates.Select(c => c.Sha256).ShouldBe([Cases.Good.Read.Sha256, Cases.Issuing.Read.Sha256]);
        verdict.Seen.Versions.ShouldBe([TlsVersion.Tls12, TlsVersion.Tls13]);
        (await server.Verify(_folder, Cases.Root.Pem, "good.test")).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Scenario", "TST-A2")]
    public async Task A_server_that_is_wrong_in_one_way_has_that_finding_and_no_other(string what)
    {
        var one = Cases.All[what]();
        IReadOnlyList<Made> roots = one.Roots.Count > 0 ? one.Roots : [Cases.Root];
        using var server = await Serve(one);

        var verdict = await Check(server, roots);

        verdict.Findings.Select(f => f.Code).ShouldBe([one.Finding], verdict.Seen.ToString());
        var finding = verdict.Findings.Single(f => f.Code == one.Finding);
        finding.Severity.ShouldBe(one.Severity);
        Array.ForEach(one.Names, name => finding.Detail.ShouldContain(name));
        finding.Check.Remedy.Length.ShouldBeGreaterThan(10);
        verdict.Seen.Certificates.Select(c => c.Sha256).ShouldBe(one.Chain.Select(c => c.Read.Sha256), "as sent, in order, with what is doubled");

        var openssl = await server.Verify(_folder, string.Concat(roots.Select(r => r.Pem)), "good.test");
        one.OpenSsl.ShouldContain(openssl);
        if (openssl != 0)
        {
            finding.Severity.ShouldBe(Severity.Critical, "what openssl refuses is never less here");
        }
    }

    [Fact]
    public void Every_check_has_a_server_that_fails_it()
    {
        string[] elsewhere = ["not_resolved", "unreachable", "no_tls", "unreadable_certificate", "listeners_differ", "revoked", "revocation_unknown", "staple_missing", "staple_invalid", "staple_expired"];
        Cases.All.Values.Select(make => make().Finding).Concat(elsewhere).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(Checker.Checks.Select(c => c.Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("Scenario", "TST-A2")]
    public async Task An_intermediate_that_only_the_bundle_has_is_still_missing()
    {
        using var server = await Serve(new Case("", [Cases.Good]));

        var finding = (await Check(server, [Cases.Root, Cases.Issuing])).Findings.ShouldHaveSingleItem();

        finding.Code.ShouldBe("unable_to_verify_leaf");
        finding.Detail.ShouldContain("clients have only the roots");
    }

    [Fact]
    public async Task A_second_way_to_an_older_root_is_no_fault()
    {
        var newer = Made.Root("Newer Root");
        var older = Made.Root("Older Root");
        var cross = new Wish { Subject = "Newer Root", IsAuthority = true, Key = newer.Key, Days = 1000 }.From(older);
        using var server = await Serve(new Case("", [new Wish().From(newer), cross]));

        (await Check(server, [newer])).Findings.ShouldBeEmpty();
        (await Check(server, [older])).Findings.ShouldBeEmpty();
        (await server.Verify(_folder, older.Pem, "good.test")).ShouldBe(0);
    }

    [Fact]
    [Trait("Scenario", "TST-A3")]
    public async Task Two_ports_of_one_host_with_different_certificates_are_both_named()
    {
        using var right = await Serve(new Case("", [Cases.Good, Cases.Issuing]));
        using var wrong = await Serve(new Case("", [new Wish { Subject = "default.test" }.From(Cases.Issuing), Cases.Issuing]));

        var verdicts = Checker.Judge([await Look(right), await Look(wrong)], Trust([Cases.Root]), DateTimeOffset.UtcNow);

        verdicts[0].Findings.ShouldBeEmpty();
        var finding = verdicts[1].Findings.ShouldHaveSingleItem();
        finding.Code.ShouldBe("listeners_differ");
        finding.Detail.ShouldContain("CN=good.test");
        finding.Detail.ShouldContain("CN=default.test");
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_server_that_wants_a_certificate_from_clients_is_checked_all_the_same(string version)
    {
        using var server = await Serve(new Case("", [Cases.Good, Cases.Issuing]) { Server = ["-Verify", "1", version] });

        var verdict = await Check(server, [Cases.Root]);

        verdict.Findings.ShouldAllBe(f => f.Code == "only_tls13");
        verdict.Path!.IsTrusted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_flood_of_certificates_is_cut_off_and_said_to_be_one()
    {
        using var server = await Serve(new Case("", [Cases.Good, .. Enumerable.Repeat(Cases.Issuing, 40)]));

        var verdict = await Check(server, [Cases.Root]);

        verdict.Findings.ShouldContain(f => f.Code == "unreadable_certificate" && f.Detail.StartsWith("41 certificates", StringComparison.Ordinal));
        verdict.Seen.Certificates.Count.ShouldBe(32);
    }

    [Fact]
    public async Task A_trusted_certificate_that_signed_itself_is_good()
    {
        var own = new Wish().From(null);
        using var server = await Serve(new Case("", [own]));

        (await Check(server, [own])).Findings.ShouldBeEmpty();
    }

    private Task<OpenSslServer> Serve(Case one) =>
        OpenSslServer.Start(_folder, string.Concat(one.Chain.Select(c => c.Pem)), one.KeyPem ?? one.Chain[0].KeyPem, one.Server);

    private async Task<Verdict> Check(OpenSslServer server, IReadOnlyList<Made> roots) =>
        Checker.Judge([await Look(server)], Trust(roots), DateTimeOffset.UtcNow)[0];

    private Task<Observation> Look(OpenSslServer server) =>
        new TlsProbe(TimeProvider.System, _random, TimeSpan.FromMinutes(1)) { AsksHttp = false }.Look(new Target("127.0.0.1", server.Port), "good.test", CancellationToken.None);

    private static TrustStore Trust(IReadOnlyList<Made> roots) => TrustStore.Of("the given roots", roots.Select(r => r.Read));
}
