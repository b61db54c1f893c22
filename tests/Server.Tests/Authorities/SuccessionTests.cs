using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Authorities;

namespace Countersign.Server.Tests.Authorities;

public sealed class SuccessionTests
{
    private static readonly string[] Clients = ["anna", "bert", "carla"];

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CA-A3")]
    public async Task Asks_for_a_confirmation_before_clients_stop(string database)
    {
        await using var scene = await AuthorityScene.WithAuthority(database);
        var clients = await scene.IssueClients(Clients);
        var before = await scene.Officer.Authorities(default);

        foreach (var mode in new[] { ReplacementMode.First, ReplacementMode.Replace })
        {
            var refused = await Should.ThrowAsync<ProblemException>(() => scene.Officer.CreateAuthority(new CreateAuthority { Mode = mode }, default));
            refused.Code.ShouldBe(Refusal.ConfirmationRequired);
            refused.Problem.Facts!["affected"].GetInt64().ShouldBe(3);
            refused.Problem.Facts["certificates"].EnumerateArray().Select(c => c.GetString()!.Split(' ')[0]).ShouldBe(Clients.Select(c => $"CN={c}"), ignoreOrder: true);
            refused.Detail!.ShouldContain("stop working");
        }

        (await scene.Officer.Authorities(default)).Select(a => (a.Id, a.State)).ShouldBe(before.Select(a => (a.Id, a.State)));
        foreach (var client in clients)
        {
            (await IsAccepted(scene, client)).ShouldBeTrue();
        }
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CA-A4")]
    public async Task Replaces_an_authority_when_the_number_was_typed_and_refuses_the_former_certificates(string database)
    {
        await using var scene = await AuthorityScene.WithAuthority(database);
        var former = await scene.Active();
        var clients = await scene.IssueClients(Clients);

        var pending = await scene.Officer.CreateAuthority(
            new CreateAuthority { Mode = ReplacementMode.Replace, Confirm = "3", ActivateNow = false, RootPassphrase = AuthorityScene.Passphrase }, default);
        pending.Authority.State.ShouldBe(AuthorityState.Pending);
        pending.Authority.PendingMode.ShouldBe(ReplacementMode.Replace);
        (await IsAccepted(scene, clients[0])).ShouldBeTrue();

        var active = await scene.Officer.Activate(pending.Authority.Id, default);

        active.Authority.State.ShouldBe(AuthorityState.Active);
        (await scene.Officer.Authority(former.Authority.Id, default)).Authority.State.ShouldBe(AuthorityState.Retired);
        foreach (var client in clients)
        {
            (await IsAccepted(scene, client)).ShouldBeFalse();
            await AuthorityScene.Until(async () => (await scene.Officer.Certificate(client.Id, default)).State == CertificateState.Revoked ? client : null);
        }

        // Whoever still trusts the former root learns it from list and responder.
        await scene.Fetch(former);
        scene.OpenSsl.File("leaf.pem", System.Text.Encoding.ASCII.GetBytes(clients[0].Pem));
        await AuthorityScene.Until(async () =>
        {
            await scene.FetchList("issuing", former.Authority.Id);
            return scene.OpenSsl.Try("verify", "-crl_check", "-CRLfile", "issuing.crl", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem").Output.Contains("certificate revoked") ? "revoked" : null;
        });
        var ocsp = scene.OpenSsl.Run("ocsp", "-issuer", "issuing.pem", "-cert", "leaf.pem", "-url", new Uri(scene.Server.PublicUri, "/ocsp").ToString(), "-CAfile", "root.pem");
        ocsp.ShouldContain("leaf.pem: revoked");
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CA-A5")]
    public async Task Rolls_over_without_stopping_anybody(string database)
    {
        await using var scene = await AuthorityScene.WithAuthority(database);
        var former = await scene.Active();
        var clients = await scene.IssueClients(Clients);

        var next = await scene.Officer.Rollover(former.Authority.Id, new RolloverAuthority { RootPassphrase = AuthorityScene.Passphrase }, default);

        next.Authority.Generation.ShouldBe(2);
        next.Authority.ParentId.ShouldBe(former.Authority.ParentId);
        (await IsAccepted(scene, clients[0])).ShouldBeTrue();
        (await scene.Officer.Authority(former.Authority.Id, default)).Authority.State.ShouldBe(AuthorityState.RollingOver);
        await Progress(0);
        (await Should.ThrowAsync<ProblemException>(() => scene.Officer.Retire(former.Authority.Id, new RetireAuthority(), default))).Code.ShouldBe(Refusal.ConfirmationRequired);

        foreach (var client in clients)
        {
            await scene.Revoke(client.Id, "superseded");
        }

        await scene.IssueClients(Clients);
        (await scene.Active()).Authority.Id.ShouldBe(next.Authority.Id);
        await Progress(3);
        (await scene.Officer.Retire(former.Authority.Id, new RetireAuthority(), default)).Authority.State.ShouldBe(AuthorityState.Retired);
        (await scene.Officer.Authority(next.Authority.ParentId!, default)).Authority.State.ShouldBe(AuthorityState.Active);

        async Task Progress(long moved)
        {
            var seen = await scene.Officer.Progress(former.Authority.Id, default);
            (seen.Moved, seen.Total).ShouldBe((moved, 3L));
        }
    }

    [Fact]
    public async Task Counts_holders_that_renewed_as_moved()
    {
        await using var scene = await AuthorityScene.WithAuthority();
        var former = await scene.Active();
        await scene.Issue("a.example.test");
        await scene.Issue("b.example.test");
        await scene.Officer.Rollover(former.Authority.Id, new RolloverAuthority { RootPassphrase = AuthorityScene.Passphrase }, default);

        await scene.Issue("a.example.test");
        var progress = await scene.Officer.Progress(former.Authority.Id, default);
        (progress.Moved, progress.Total).ShouldBe((1L, 2L));
        progress.Remaining.ShouldHaveSingleItem().Subject.ShouldBe("CN=b.example.test");
        (await scene.Officer.Authority(former.Authority.Id, default)).Progress!.Remaining.ShouldHaveSingleItem().State.ShouldBe(CertificateState.Active);
        await scene.Issue("b.example.test");
        progress = await scene.Officer.Progress(former.Authority.Id, default);
        (progress.Moved, progress.Total).ShouldBe((2L, 2L));
        progress.Remaining.ShouldBeEmpty();
    }

    [Fact]
    public async Task Opens_the_root_with_its_passphrase_only()
    {
        await using var scene = await AuthorityScene.WithAuthority();
        var former = await scene.Active();

        foreach (var wrong in new[] { null, "", "not the passphrase at all" })
        {
            (await Should.ThrowAsync<ProblemException>(() => scene.Officer.Rollover(former.Authority.Id, new RolloverAuthority { RootPassphrase = wrong }, default))).Code.ShouldBe(Refusal.BadPassphrase);
        }

        (await scene.Officer.Authorities(default)).Count.ShouldBe(2);
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CA-A3")]
    public async Task Asks_again_when_more_would_stop_than_was_confirmed(string database)
    {
        await using var scene = await AuthorityScene.WithAuthority(database);
        await scene.IssueClients("anna");
        var pending = await scene.Officer.CreateAuthority(
            new CreateAuthority { Mode = ReplacementMode.Replace, Confirm = "1", ActivateNow = false, RootPassphrase = AuthorityScene.Passphrase }, default);
        await scene.IssueClients("bert");

        var refused = await Should.ThrowAsync<ProblemException>(() => scene.Officer.Activate(pending.Authority.Id, default));

        refused.Code.ShouldBe(Refusal.ConfirmationRequired);
        refused.Problem.Facts!["affected"].GetInt64().ShouldBe(2);
        (await scene.Officer.Activate(pending.Authority.Id, new ActivateAuthority { Confirm = "2" }, default)).Authority.State.ShouldBe(AuthorityState.Active);
    }

    [Fact, Trait("Scenario", "CA-A3")]
    public async Task Leaves_a_replacement_pending_at_the_start_when_more_would_stop_than_was_confirmed()
    {
        await using var first = await AuthorityScene.WithAuthority();
        var present = (await first.Active()).Authority.Id;
        await first.Officer.CreateAuthority(new CreateAuthority { Mode = ReplacementMode.Replace, Confirm = "0", ActivateNow = false }, default);
        await first.IssueClients("anna");
        await first.Server.Stop();

        await using var second = await TestServer.StartIn(first.Server.Data);
        (await second.Get<AuthorityDirectory>().Issuing(first.Organisation.Id, default)).Id.ShouldBe(present);
    }

    [Fact, Trait("Scenario", "CA-A4")]
    public async Task Activates_a_pending_authority_at_the_next_start()
    {
        await using var first = await AuthorityScene.WithAuthority();
        var pending = await first.Officer.CreateAuthority(new CreateAuthority { Mode = ReplacementMode.Replace, Confirm = "0", ActivateNow = false }, default);
        await first.Server.Stop();

        await using var second = await TestServer.StartIn(first.Server.Data);
        var directory = second.Get<AuthorityDirectory>();
        (await directory.Issuing(first.Organisation.Id, default)).Id.ShouldBe(pending.Authority.Id);
    }

    private static async Task<bool> IsAccepted(AuthorityScene scene, CertificateDetails client) =>
        await scene.Server.Get<AuthorityDirectory>().IssuerOf(scene.Organisation.Id, Certificate.ReadBundle(System.Text.Encoding.ASCII.GetBytes(client.Pem))[0], default) is not null;
}
