using System.Net;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Profiles;

/// <summary>What a profile issues, said over the API.</summary>
public sealed class ProfileDefinitionTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task The_rules_that_are_saved_are_the_rules_that_issue(string database)
    {
        await using var company = await Company.Start(database);
        var rules = new ProfileDefinition
        {
            KeyUsages = ["DigitalSignature", "KeyAgreement"],
            Ekus = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
            AllowedKeys = ["EcP256"],
            MinimumRsaBits = 3072,
            Policies = ["1.3.6.1.4.1.55555.1"],
            SanKinds = ["dns"],
            DnsSuffixes = ["example.test"],
            KeptAttributes = ["CN", "OU"],
            ForcedAttributes = ["O=Example Telephones"],
            RequiredAttributes = ["O"],
            WildcardAllowed = false,
            MaximumNames = 2,
        };

        var saved = await company.Put(Role.CaOfficer, "/api/v1/profiles/phones", new SaveProfile { CopyOf = "tls-server", Title = "Phones", Definition = rules });

        saved.Status.ShouldBe(HttpStatusCode.OK, saved.Text);
        var read = (await company.Get(Role.Auditor, "/api/v1/profiles/phones")).As<ProfileView>();
        read.Definition!.ForcedAttributes.ShouldBe(rules.ForcedAttributes);
        read.Definition.KeptAttributes.ShouldBe(rules.KeptAttributes);
        read.Definition.Ekus.ShouldBe(rules.Ekus);
        read.Definition.CopyCommonName.ShouldBe(true); // as in its pattern
        var issued = await company.Issue("a.example.test", "phones");
        var shown = (await company.Get(Role.Auditor, $"/api/v1/certificates/{issued.CertificateId}")).As<CertificateDetails>();
        shown.Subject.Text.ShouldContain("O=Example Telephones");
        shown.KeyUsages.ShouldBe(["DigitalSignature", "KeyAgreement"]);
        shown.Ekus.Count.ShouldBe(2);
        shown.Extensions.ShouldContain(e => e.Oid == "2.5.29.32");
        using var rsa = TestCsr.Rsa("b.example.test", 3072);
        var refused = await company.Submit(rsa, "phones");
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{refused.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).Code.ShouldBe(Refusal.LintFailed);
    }

    [Fact]
    public async Task What_is_shown_can_be_saved_again_and_changes_nothing()
    {
        await using var company = await Company.Start(Databases.Sqlite);
        foreach (var before in (await company.Get(Role.CaOfficer, "/api/v1/profiles")).As<List<ProfileView>>())
        {
            var saved = await company.Put(Role.CaOfficer, $"/api/v1/profiles/{before.Name}", new SaveProfile { Definition = before.Definition, ValidityDays = before.ValidityDays });
            saved.Status.ShouldBe(HttpStatusCode.OK, saved.Text);
            System.Text.Json.JsonSerializer.Serialize(saved.As<ProfileView>(), ContractsJson.Default.ProfileView)
                .ShouldBe(System.Text.Json.JsonSerializer.Serialize(before, ContractsJson.Default.ProfileView));
        }
    }

    [Fact]
    public async Task Rules_that_mean_nothing_or_do_not_fit_together_are_refused_and_nothing_is_kept()
    {
        await using var company = await Company.Start(Databases.Sqlite);
        var before = (await company.Get(Role.CaOfficer, "/api/v1/profiles/tls-server")).Text;
        ProfileDefinition[] bad =
        [
            new() { KeyUsages = ["Everything"] }, new() { KeyUsages = [] }, new() { KeyUsages = ["KeyCertSign"] },
            new() { Ekus = [] }, new() { Ekus = ["server"] }, new() { Ekus = ["1.3.6.1.5.5.7.3.9"] }, new() { Ekus = ["2.5.29.37.0"] },
            new() { AllowedKeys = [] }, new() { AllowedKeys = ["Ed25519"] }, new() { AllowedKeys = ["1"] }, new() { MinimumRsaBits = 1024 },
            new() { Policies = ["mine"] }, new() { SanKinds = ["other"] }, new() { SanKinds = [] }, new() { SanKinds = ["uri"] }, new() { DnsSuffixes = ["*.example.test"] },
            new() { IpRanges = ["10.0.0.0/99"] }, new() { EmailDomains = ["a@b"] }, new() { UriSchemes = ["sip:"] },
            new() { ForcedAttributes = ["Example"] }, new() { ForcedAttributes = ["O="] }, new() { ForcedAttributes = ["C=Germany"] }, new() { KeptAttributes = ["nothing"] }, new() { MaximumNames = 0 },
            new() { Ekus = [null!] }, new() { KeyUsages = [null!] }, new() { SanKinds = [null!] }, new() { ForcedAttributes = [null!] }, new() { KeptAttributes = [null!] },
            new() { KeptAttributes = ["CN=x"] }, new() { Policies = [.. Enumerable.Range(1, 101).Select(n => $"1.3.{n}")] },
        ];
        foreach (var rules in bad)
            (await company.Put(Role.CaOfficer, "/api/v1/profiles/tls-server", new SaveProfile { Definition = rules })).Code.ShouldBe(Refusal.BadProfile, rules.ToString());
        (await company.Put(Role.CaOfficer, "/api/v1/profiles/tls-server", new SaveProfile { ValidityDays = 1e300 })).Code.ShouldBe(Refusal.BadProfile);
        (await company.Get(Role.CaOfficer, "/api/v1/profiles/tls-server")).Text.ShouldBe(before);
    }
}
