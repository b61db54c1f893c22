using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Server.Storage;
using static Countersign.Server.Tests.Authorities.ImportTests;

namespace Countersign.Server.Tests.Authorities;

public sealed class CompromiseTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Says_to_everybody_that_the_active_authority_is_compromised_and_its_root_makes_the_next(string database)
    {
        await using var scene = await AuthorityScene.WithAuthority(database);
        var leaf = await scene.Issue("pbx.example.test");
        var active = await scene.Active();
        var serial = Serial(active.Pem);

        (await Refused(scene, active.Authority.Id, new RetireAuthority { Compromised = true, RootPassphrase = AuthorityScene.Passphrase })).ShouldBe(Refusal.ConfirmationRequired);
        (await Refused(scene, active.Authority.Id, new RetireAuthority { Compromised = true, Confirm = "1" })).ShouldBe(Refusal.BadPassphrase);
        (await scene.Active()).Authority.Id.ShouldBe(active.Authority.Id);

        var after = await scene.Officer.Retire(active.Authority.Id, new RetireAuthority { Compromised = true, Confirm = "1", RootPassphrase = AuthorityScene.Passphrase }, default);

        after.Authority.State.ShouldBe(AuthorityState.Compromised);
        after.Warnings.ShouldBeEmpty();
        var entry = await AuthorityScene.Until(async () => (await List(scene, active.Authority.ParentId!)).Find(serial));
        entry.Reason.ShouldBe(RevocationReason.CaCompromise);
        await AuthorityScene.Until(async () => (await scene.Officer.Certificate(leaf.Id, default)).State == CertificateState.Revoked ? leaf : null);
        using var csr = TestCsr.New("next.example.test", "next.example.test");
        (await Should.ThrowAsync<ProblemException>(() => scene.Officer.Submit(new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" }, default))).Code.ShouldBe(Refusal.CaMissing);

        var next = await scene.Officer.Rollover(active.Authority.Id, new RolloverAuthority { RootPassphrase = AuthorityScene.Passphrase }, default);
        next.Authority.ParentId.ShouldBe(active.Authority.ParentId);
        (await scene.Issue("next.example.test")).Subject.CommonName.ShouldBe("next.example.test");
    }

    [Fact]
    public async Task Says_what_is_missing_when_the_root_is_elsewhere()
    {
        await using var scene = await AuthorityScene.Start();
        var made = await scene.Officer.ImportAuthority(new ImportAuthority { Pem = External(scene.OpenSsl), ForgetRevocations = "forget" }, default);
        made.Warnings.ShouldBeEmpty();

        var after = await scene.Officer.Retire(made.Authority.Id, new RetireAuthority { Compromised = true, Confirm = "0" }, default);

        after.Authority.State.ShouldBe(AuthorityState.Compromised);
        after.Warnings.ShouldHaveSingleItem().ShouldContain("CN=External Root");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Signs_the_lists_of_a_root_a_year_ahead_and_reminds_before_they_run_out(string database)
    {
        await using var scene = await AuthorityScene.WithAuthority(database);
        var id = (await scene.Active()).Authority.ParentId!;
        var start = scene.Server.Clock.GetUtcNow();
        var root = await scene.Officer.Authority(id, default);
        root.ListsUntil!.Value.ShouldBeInRange(start.AddDays(365), start.AddDays(396));
        root.Warnings.ShouldBeEmpty();
        (await scene.Server.Get<Database>().ReadOne<long>($"SELECT count(*) FROM crls_ahead", default)).ShouldBeLessThanOrEqualTo(13);

        scene.Server.Clock.Advance(root.ListsUntil.Value.AddDays(-59) - start);
        (await scene.Officer.Authority(id, default)).Warnings.ShouldHaveSingleItem().ShouldContain(root.ListsUntil.Value.ToString("yyyy-MM-dd"));
        var before = await AuthorityScene.Until(async () => await List(scene, id) is { } l && l.NextUpdate > scene.Server.Clock.GetUtcNow() ? l : null);

        (await Should.ThrowAsync<ProblemException>(() => scene.Officer.SignRootLists(id, new SignRootLists { RootPassphrase = "wrong" }, default))).Code.ShouldBe(Refusal.BadPassphrase);
        var renewed = await scene.Officer.SignRootLists(id, new SignRootLists { RootPassphrase = AuthorityScene.Passphrase }, default);

        renewed.Warnings.ShouldBeEmpty();
        renewed.ListsUntil!.Value.ShouldBeGreaterThan(scene.Server.Clock.GetUtcNow().AddDays(365));
        await AuthorityScene.Until(async () => await List(scene, id) is { } l && l.Number > before.Number ? l : null);
    }

    private static byte[] Serial(string pem) => Pki.X509.Certificate.ReadBundle(System.Text.Encoding.ASCII.GetBytes(pem))[0].Serial;

    private static async Task<string?> Refused(AuthorityScene scene, string id, RetireAuthority wanted) =>
        (await Should.ThrowAsync<ProblemException>(() => scene.Officer.Retire(id, wanted, default))).Code;

    private static async Task<CrlReader> List(AuthorityScene scene, string id) => CrlReader.Decode(await scene.Server.PublicClient().GetByteArrayAsync($"/crl/{id}.crl"));
}
