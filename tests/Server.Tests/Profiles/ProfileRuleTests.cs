using System.Net;
using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Profiles;

public sealed class ProfileRuleTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_certificate_lives_as_long_as_its_profile_says_and_its_page_says_how_long_that_is(string database)
    {
        await using var company = await Company.Start(database);
        var saved = (await company.Put(Role.CaOfficer, "/api/v1/profiles/tls-client", new SaveProfile { ValidityDays = 800 })).As<ProfileView>();
        saved.ValidityDays.ShouldBe(800);

        var issued = await company.Issue("pbx.example.test", "tls-client");

        var shown = (await company.Get(Role.Auditor, $"/api/v1/certificates/{issued.CertificateId}")).As<CertificateDetails>();
        (shown.NotAfter - shown.NotBefore).TotalDays.ShouldBe(800, 0.01);
        shown.Decisions.Single(d => d.Field == "validity").Granted!.ShouldStartWith("800 days");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Where_the_authority_ends_first_the_page_says_what_was_really_given(string database)
    {
        await using var company = await Company.Start(database);
        await company.Put(Role.CaOfficer, "/api/v1/profiles/tls-client", new SaveProfile { ValidityDays = 36500 });
        var issued = await company.Issue("pbx.example.test", "tls-client");

        var shown = (await company.Get(Role.Auditor, $"/api/v1/certificates/{issued.CertificateId}")).As<CertificateDetails>();
        var validity = shown.Decisions.Single(d => d.Field == "validity");
        validity.Granted!.ShouldContain($"{shown.NotAfter:u}");
        validity.Granted!.ShouldNotContain("36500");
        validity.Rule.ShouldBe("issuer.validity");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Which_rule_decided_is_told_by_the_rules_of_that_day(string database)
    {
        await using var company = await Company.Start(database);
        var issued = await company.Issue("pbx.example.test", "tls-client");
        var path = $"/api/v1/certificates/{issued.CertificateId}";
        var before = (await company.Get(Role.Auditor, path)).As<CertificateDetails>().Decisions;

        await company.Put(Role.CaOfficer, "/api/v1/profiles/tls-client", new SaveProfile { ValidityDays = 900 });
        company.Clock.Advance(TimeSpan.FromSeconds(5));

        (await company.Get(Role.Auditor, path)).As<CertificateDetails>().Decisions.ShouldBe(before);
    }
}
