using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Authorities;

public sealed class CreationTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CA-A1")]
    public async Task Refuses_a_request_while_there_is_no_authority_and_keeps_nothing(string database)
    {
        await using var scene = await AuthorityScene.Start(database);
        using var csr = TestCsr.New("pbx.example.test", "pbx.example.test");

        var refused = await Should.ThrowAsync<ProblemException>(() => scene.Officer.Submit(new SubmitRequest { Csr = csr.Pem }, default));

        refused.Code.ShouldBe(Refusal.CaMissing);
        refused.Next!.ShouldContain("Generate or import");
        (await scene.Officer.Requests(new RequestFilter(), 10, null, default)).Items.ShouldBeEmpty();
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CA-A2")]
    public async Task Makes_an_authority_from_the_defaults_of_the_form(string database)
    {
        await using var scene = await AuthorityScene.Start(database, "--console-address", "https://hq.example.test");
        var defaults = await scene.Officer.AuthorityDefaults(default);
        defaults.Subject.CommonName.ShouldBe("hq.example.test");
        defaults.Subject.Country.ShouldBe("DE"); // the organisation's; US where it has none
        defaults.KeyTypes.ShouldBe(["ecP256", "ecP384", "rsa3072", "rsa4096"]);
        var before = scene.Server.Clock.GetUtcNow().AddSeconds(-1);

        var made = await scene.Officer.CreateAuthority(new CreateAuthority { Subject = defaults.Subject }, default);

        made.RootPassphrase.ShouldNotBeNull().Length.ShouldBeGreaterThan(20);
        made.Authority.State.ShouldBe(AuthorityState.Active);
        made.Authority.Subject.CommonName.ShouldBe("hq.example.test");
        made.Authority.Subject.Country.ShouldBe("DE");
        made.Authority.LastGeneratedAt.ShouldBeInRange(before, scene.Server.Clock.GetUtcNow());
        made.Authority.Status!.ShouldStartWith("Valid until");
        (await scene.Officer.Authority(made.Authority.Id, default)).RootPassphrase.ShouldBeNull();

        await scene.Fetch(made);
        var text = scene.OpenSsl.Run("x509", "-in", "issuing.pem", "-noout", "-text");
        text.ShouldContain("CA:TRUE");
        text.ShouldContain("Certificate Sign, CRL Sign");
        text.ShouldContain("ecdsa-with-SHA256");
        scene.OpenSsl.Run("verify", "-x509_strict", "-CAfile", "root.pem", "issuing.pem").ShouldContain("OK");
    }

    [Theory, InlineData("ecP384", "384 bit"), InlineData("rsa3072", "3072 bit")]
    public async Task Makes_an_authority_with_another_key(string keyType, string shown)
    {
        await using var scene = await AuthorityScene.WithAuthority(keyType: keyType);
        var leaf = await scene.Issue("pbx.example.test");

        await scene.Fetch(await scene.Active());
        scene.OpenSsl.File("leaf.pem", System.Text.Encoding.ASCII.GetBytes(leaf.Pem));
        scene.OpenSsl.Run("x509", "-in", "issuing.pem", "-noout", "-text").ShouldContain(shown);
        scene.OpenSsl.Run("verify", "-x509_strict", "-crl_check_all", "-CRLfile", "all.crl", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem").ShouldContain("OK");
    }

    [Theory]
    [InlineData("rsa1024", Refusal.WeakKey)]
    [InlineData("ed25519", Refusal.UnsupportedKey)]
    public async Task Refuses_key_types_it_does_not_make(string keyType, string code)
    {
        await using var scene = await AuthorityScene.Start();
        (await Should.ThrowAsync<ProblemException>(() => scene.Officer.CreateAuthority(new CreateAuthority { KeyType = keyType }, default))).Code.ShouldBe(code);
        (await scene.Officer.Authorities(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_a_short_passphrase_a_bad_country_and_impossible_lifetimes()
    {
        await using var scene = await AuthorityScene.Start();
        (await Code(new CreateAuthority { RootPassphrase = "short" })).ShouldBe(Refusal.WeakPassphrase);
        (await Code(new CreateAuthority { Subject = new NameInput { Country = "USA" } })).ShouldBe(Refusal.BadName);
        (await Code(new CreateAuthority { Subject = new NameInput { Country = "XX" } })).ShouldBe(Refusal.BadName);
        var germany = await Should.ThrowAsync<ProblemException>(() => scene.Officer.CreateAuthority(new CreateAuthority { Subject = new NameInput { Country = "Germany" } }, default));
        germany.Detail!.ShouldContain("Germany is DE");
        (await Code(new CreateAuthority { RootDays = 10, IssuingDays = 20 })).ShouldBe(Refusal.Malformed);
        (await Code(new CreateAuthority { PermittedNames = ["what:ever"] })).ShouldBe(Refusal.BadName);
        (await scene.Officer.Authorities(default)).ShouldBeEmpty();

        async Task<string> Code(CreateAuthority wanted) => (await Should.ThrowAsync<ProblemException>(() => scene.Officer.CreateAuthority(wanted, default))).Code;
    }

    [Fact]
    public async Task Signs_no_name_outside_its_name_constraints()
    {
        await using var scene = await AuthorityScene.Start();
        await scene.Officer.CreateAuthority(new CreateAuthority { RootPassphrase = AuthorityScene.Passphrase, PermittedNames = ["dns:example.test", "ip:127.0.0.0/8"] }, default);

        (await scene.Issue("pbx.example.test")).Subject.CommonName.ShouldBe("pbx.example.test");
        (await Should.ThrowAsync<ProblemException>(() => scene.Issue("pbx.elsewhere.test"))).Code.ShouldBe(Refusal.LintFailed);

        // What follows it is constrained in the same way.
        await scene.Officer.Rollover((await scene.Active()).Authority.Id, new RolloverAuthority { RootPassphrase = AuthorityScene.Passphrase }, default);
        (await Should.ThrowAsync<ProblemException>(() => scene.Issue("other.elsewhere.test"))).Code.ShouldBe(Refusal.LintFailed);
    }

    [Fact, Trait("Scenario", "ACC-A2")]
    public async Task Lets_only_officers_and_primary_administrators_make_an_authority()
    {
        await using var scene = await AuthorityScene.Start();
        foreach (var role in Enum.GetValues<Role>())
        {
            var client = AuthorityScene.Client(scene.Server, await scene.Organisation.Client(role));
            if (role is Role.PrimaryAdministrator or Role.CaOfficer)
            {
                (await Should.ThrowAsync<ProblemException>(() => client.CreateAuthority(new CreateAuthority { KeyType = "none" }, default))).Code.ShouldBe(Refusal.UnsupportedKey);
            }
            else
            {
                (await Should.ThrowAsync<ProblemException>(() => client.CreateAuthority(new CreateAuthority(), default))).Code.ShouldBe(Refusal.Forbidden);
            }
        }

        (await scene.Officer.Authorities(default)).ShouldBeEmpty();
    }
}
