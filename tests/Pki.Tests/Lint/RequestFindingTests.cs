using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Pki.Lint;
using Countersign.Pki.Signing;
using Countersign.Pki.Tests.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Lint;

public sealed class RequestFindingTests
{
    private static readonly IssuingProfile Profile = BuiltInProfiles.TlsServer with
    {
        AllowedKeys = [KeyKind.EcP256, KeyKind.Rsa],
        MinimumRsaBits = 3072,
        Names = BuiltInProfiles.TlsServer.Names with { DnsSuffixes = ["example.test"], ForcedAttributes = [new(Oids.Organization, "Example")] },
    };

    [Fact]
    public void A_request_inside_the_profile_has_no_findings() =>
        Linter.CheckRequest(TestRequest.Make("CN=a.example.test, O=Example", ["dns:b.example.test"]), Profile).ShouldBeEmpty();

    [Fact]
    [Trait("Scenario", "ENR-A8")]
    public void Every_name_outside_is_flagged_with_the_rule()
    {
        var findings = Linter.CheckRequest(TestRequest.Make("CN=a.example.test", ["dns:b.example.test", "dns:evil.test", "email:a@example.test"]), Profile);
        findings.Count(f => f.Rule == "request_name_outside" && f.Severity == LintSeverity.Error).ShouldBe(2);
        findings.ShouldContain(f => f.Detail.Contains("evil.test") && f.Detail.Contains("profile.dns_suffixes"));
        findings.ShouldContain(f => f.Detail.Contains("a@example.test") && f.Detail.Contains("profile.san_kinds"));
    }

    [Fact]
    public void Keys_the_profile_does_not_take_are_flagged()
    {
        Rules(TestRequest.Make("CN=a.example.test", null, ECDsa.Create(ECCurve.NamedCurves.nistP384))).ShouldContain("request_key_kind");
        Rules(TestRequest.Make("CN=a.example.test", null, RSA.Create(2048))).ShouldContain("request_key_size");
    }

    [Fact]
    public void Attributes_that_will_change_or_fall_away_are_shown()
    {
        var findings = Linter.CheckRequest(TestRequest.Make("CN=a.example.test, O=Other, SN=Smith"), Profile);
        findings.ShouldContain(f => f.Rule == "request_attribute_changed" && f.Severity == LintSeverity.Warning && f.Detail.Contains("Other") && f.Detail.Contains("Example"));
        findings.ShouldContain(f => f.Rule == "request_attribute_dropped" && f.Severity == LintSeverity.Notice && f.Detail.Contains("Smith"));
    }

    [Fact]
    public void Ignored_extensions_and_the_wish_to_be_a_CA_are_shown()
    {
        var findings = Linter.CheckRequest(TestRequest.Make("CN=a.example.test", null, null,
            new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true), new X509Extension("1.3.6.1.4.1.99999.1", [5, 0], critical: true)), Profile);
        findings.ShouldContain(f => f.Rule == "request_ca" && f.Severity == LintSeverity.Error);
        findings.ShouldContain(f => f.Rule == "request_extension_ignored" && f.Severity == LintSeverity.Warning && f.Detail.Contains("1.3.6.1.4.1.99999.1"));
        Rules(TestRequest.Make("CN=a.example.test"), BuiltInProfiles.SubCa).ShouldNotContain("request_ca");
    }

    [Fact]
    public void Missing_names_are_flagged()
    {
        Rules(TestRequest.Make("OU=Nobody", ["dns:a.example.test"])).ShouldContain("request_common_name");
        Rules(TestRequest.Make("CN=Door phone")).ShouldContain("request_name_missing");
        Rules(TestRequest.Make("CN=a.example.test"), Profile with { Names = Profile.Names with { RequiredAttributes = [Oids.Locality] } }).ShouldContain("request_attribute_missing");
        Rules(TestRequest.Make("CN=a.example.test", ["dns:b.example.test"]), Profile with { Names = Profile.Names with { MaximumNames = 1 } }).ShouldContain("request_names_many");
    }

    [Fact]
    public void What_would_stop_issuance_is_known_before_approval()
    {
        Rules(TestRequest.Make("CN=a.example.test, OU=" + new string('x', 65)), With(n => n with { KeptAttributes = [Oids.CommonName, Oids.OrganizationalUnit] })).ShouldContain("name_length");
        Rules(TestRequest.Make("CN=a.example.test", ["dns:a_b.example.test"])).ShouldContain("san_dns_syntax");
        Rules(TestRequest.Make("CN=a.example.test", ["dns:*.example.test"])).ShouldContain("wildcard_shared");
        Rules(TestRequest.Make("CN=a.example.test"), Profile with { Validity = TimeSpan.FromDays(800), MaximumValidity = null }).ShouldContain("server_lifetime");
    }

    [Fact]
    public void Nothing_is_said_twice()
    {
        var findings = Linter.CheckRequest(TestRequest.Make("CN=a.example.test", ["dns:evil.test"], RSA.Create(1024)), Profile);
        findings.Select(f => f.Rule).ShouldBeUnique();
    }

    [Fact]
    public void Weak_keys_are_flagged_alone_too() =>
        Linter.CheckKey(TestAuthority.NewPublicKey(RSA.Create(1024))).ShouldHaveSingleItem().Severity.ShouldBe(LintSeverity.Error);

    private static IssuingProfile With(Func<NameRules, NameRules> change) => Profile with { Names = change(Profile.Names) };

    private static IEnumerable<string> Rules(Countersign.Pki.Requests.CertificationRequest request, IssuingProfile? profile = null) =>
        Linter.CheckRequest(request, profile ?? Profile).Select(f => f.Rule);
}
