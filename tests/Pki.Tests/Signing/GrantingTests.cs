using System.Security.Cryptography.X509Certificates;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Signing;

public sealed class GrantingTests
{
    private static readonly IssuingProfile Strict = BuiltInProfiles.TlsServer with
    {
        Names = BuiltInProfiles.TlsServer.Names with
        {
            ForcedAttributes = [new(Oids.Organization, "Example GmbH"), new(Oids.Country, "DE")],
            KeptAttributes = [Oids.CommonName],
            DnsSuffixes = ["example.test"],
            IpRanges = ["10.0.0.0/8", "fd00::1"],
            WildcardAllowed = false,
        },
    };

    [Fact]
    public void Names_inside_the_rules_are_granted_and_the_others_named_with_the_rule()
    {
        var request = TestRequest.Make("CN=pbx.example.test, O=Wishful, OU=Lab", ["dns:sip.example.test", "dns:evil.test", "dns:*.example.test", "ip:10.1.2.3", "ip:11.0.0.1", "ip:fd00::1", "email:a@example.test"]);
        var (granted, decisions) = Granting.Propose(request, Strict);
        granted.Subject.ToString().ShouldBe("O=Example GmbH, C=DE, CN=pbx.example.test");
        granted.Sans.Select(s => s.ToString()).ShouldBe(["dns:pbx.example.test", "dns:sip.example.test", "ip:10.1.2.3", "ip:fd00::1"]);
        Decision(decisions, "evil.test").ShouldBe((NameOutcome.Dropped, "profile.dns_suffixes"));
        Decision(decisions, "*.example.test").ShouldBe((NameOutcome.Dropped, "profile.wildcard"));
        Decision(decisions, "11.0.0.1").ShouldBe((NameOutcome.Dropped, "profile.ip_ranges"));
        Decision(decisions, "a@example.test").ShouldBe((NameOutcome.Dropped, "profile.san_kinds"));
        Decision(decisions, "sip.example.test").ShouldBe((NameOutcome.Kept, "profile.san_kinds"));
        Decision(decisions, "Wishful").ShouldBe((NameOutcome.Changed, "profile.forced_attributes"));
        Decision(decisions, "Lab").ShouldBe((NameOutcome.Dropped, "profile.kept_attributes"));
        decisions.ShouldContain(d => d.Field == "subject.C" && d.Outcome == NameOutcome.Added && d.Rule == "profile.forced_attributes");
        decisions.ShouldContain(d => d.Field == "san.dns" && d.Granted == "pbx.example.test" && d.Outcome == NameOutcome.Added && d.Rule == "profile.copy_common_name");
    }

    [Fact]
    public void What_a_profile_proposes_can_be_issued()
    {
        using var authority = new TestAuthority();
        var request = TestRequest.Make("CN=pbx.example.test, O=Wishful", ["dns:sip.example.test", "dns:evil.test"]);
        var certificate = authority.Issue(Strict, Granting.Propose(request, Strict).Request);
        certificate.Sans.Select(s => s.Text).ShouldBe(["pbx.example.test", "sip.example.test"]);
        certificate.Subject.Organization.ShouldBe("Example GmbH");
    }

    [Fact]
    [Trait("Scenario", "ENR-A8")]
    public void A_name_outside_the_profile_is_never_signed_whoever_approved_it()
    {
        using var authority = new TestAuthority();
        var request = TestRequest.Make("CN=pbx.example.test");
        var approved = Granting.Propose(request, Strict).Request;
        var refusal = Should.Throw<RefusalException>(() => authority.Issue(Strict, approved with { Sans = [.. approved.Sans, new SanEntry.Dns("evil.test")] }));
        refusal.Code.ShouldBe(Refusal.LintFailed);
        refusal.Detail.ShouldContain("profile_names");
        refusal.Detail.ShouldContain("evil.test");
    }

    [Fact]
    public void Changes_of_the_officer_are_told_from_those_of_the_profile()
    {
        var request = TestRequest.Make("CN=old.example.test, OU=Lab", ["dns:a.example.test", "dns:b.example.test"]);
        var approved = new IssuanceRequest(request.Key, DistinguishedName.Parse("CN=new.example.test"), [new SanEntry.Dns("a.example.test"), new SanEntry.Dns("c.example.test")], TestAuthority.Now);
        var decisions = Granting.Explain(request, BuiltInProfiles.TlsServer, approved);
        decisions.ShouldContain(d => d.Field == "subject.CN" && d.Requested == "old.example.test" && d.Granted == "new.example.test" && d.Outcome == NameOutcome.Changed && d.Rule == "officer");
        Decision(decisions, "Lab").ShouldBe((NameOutcome.Dropped, "officer"));
        Decision(decisions, "b.example.test").ShouldBe((NameOutcome.Dropped, "officer"));
        decisions.ShouldContain(d => d.Granted == "c.example.test" && d.Outcome == NameOutcome.Added && d.Rule == "officer");
        decisions.ShouldContain(d => d.Field == "validity" && d.Rule == "officer");
    }

    [Fact]
    public void Requested_extensions_are_listed_with_what_becomes_of_them()
    {
        var request = TestRequest.Make("CN=a.example.test", null, null,
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyEncipherment, critical: true), new X509Extension("1.3.6.1.5.5.7.1.24", [0x30, 0x03, 0x02, 0x01, 0x05], critical: false));
        var decisions = Granting.Propose(request, BuiltInProfiles.TlsServer).Decisions;
        decisions.ShouldContain(d => d.Field == "extension" && d.Requested == Oids.KeyUsage && d.Outcome == NameOutcome.Changed);
        decisions.ShouldContain(d => d.Field == "extension" && d.Requested == Oids.TlsFeature && d.Outcome == NameOutcome.Dropped);
    }

    [Theory]
    [InlineData("CN=pbx.example.test", "dns:pbx.example.test")]
    [InlineData("CN=10.0.0.7", "ip:10.0.0.7")]
    [InlineData("CN=fd00::7", "ip:fd00::7")]
    public void The_common_name_of_a_server_is_copied(string subject, string expected)
    {
        using var authority = new TestAuthority();
        authority.Issue(BuiltInProfiles.TlsServer, subject).Sans.Select(s => s.ToString()).ShouldBe([expected]);
    }

    [Fact]
    public void A_common_name_that_is_there_already_is_not_doubled()
    {
        using var authority = new TestAuthority();
        authority.Issue(BuiltInProfiles.TlsServer, "CN=PBX.example.test", "dns:a.example.test", "dns:pbx.example.test").Sans.Select(s => s.Text).ShouldBe(["a.example.test", "pbx.example.test"]);
    }

    [Fact]
    public void A_server_whose_common_name_is_no_host_needs_an_alternative_name()
    {
        using var authority = new TestAuthority();
        Should.Throw<RefusalException>(() => authority.Issue(BuiltInProfiles.TlsServer, "CN=Door phone")).Code.ShouldBe(Refusal.LintFailed);
        authority.Issue(BuiltInProfiles.TlsServer, "CN=Door phone", "dns:door.example.test").Sans.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("uri:sip:example.test", true)]
    [InlineData("uri:SIP:example.test", true)]
    [InlineData("uri:sips:example.test", false)]
    [InlineData("uri:https://example.test/", false)]
    public void A_sip_node_gets_sip_addresses_only(string san, bool granted)
    {
        using var authority = new TestAuthority();
        var issue = () => authority.Issue(BuiltInProfiles.SipNode, "CN=sip.example.test", san);
        if (granted)
        {
            issue().Sans.Count.ShouldBe(2);
        }
        else
        {
            Should.Throw<RefusalException>(() => issue()).Detail.ShouldContain("profile_names");
        }
    }

    [Fact]
    public void Suffixes_bound_the_hosts_of_addresses_too()
    {
        var names = BuiltInProfiles.SipNode.Names with { DnsSuffixes = ["example.test"] };
        NamePolicy.Check(names, new SanEntry.Uri("sip:example.test")).ShouldBeNull();
        NamePolicy.Check(names, new SanEntry.Uri("sip:sub.example.test:5061;transport=tls")).ShouldBeNull();
        NamePolicy.Check(names, new SanEntry.Uri("sip:evil.test")).ShouldNotBeNull();
        NamePolicy.Check(names, new SanEntry.Uri("sip:a@evil.test;x=.example.test")).ShouldNotBeNull();
        NamePolicy.Check(names, new SanEntry.Dns("notexample.test")).ShouldNotBeNull();
    }

    private static (NameOutcome, string) Decision(IReadOnlyList<NameDecision> decisions, string requested)
    {
        var decision = decisions.Single(d => d.Requested == requested);
        return (decision.Outcome, decision.Rule);
    }
}
