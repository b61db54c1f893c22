using System.Net;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Issuance;
using Countersign.Server.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.Server.Tests.Issuance;

public sealed class RecoveryTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Recovery_in_the_midst_of_issuance_signs_nothing_a_second_time(string database)
    {
        const int Requests = 60;
        await using var company = await Company.Start(database);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", new SaveProfile { Automatic = true });
        await company.Get(Role.CaOfficer, "/api/v1/requests"); // one officer, one token
        var recovery = company.Server.Services.GetServices<IHostedService>().OfType<IssuanceRecovery>().Single();
        using var signed = new Signatures();
        using var over = new CancellationTokenSource();
        var ticks = Task.Run(async () =>
        {
            var ended = 0;
            using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
            while (!over.IsCancellationRequested && await often.WaitForNextTickAsync())
                ended += await recovery.EndOpenIntents(CancellationToken.None);
            return ended;
        });

        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(async client =>
        {
            var mine = new List<string>();
            for (var i = 0; i < Requests / 6; i++)
            {
                using var csr = TestCsr.New($"c{client}-{i}.example.test", $"c{client}-{i}.example.test");
                var answer = await company.Post(Role.CaOfficer, "/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" });
                answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
                mine.Add(answer.As<RequestView>().Id);
            }
            return mine;
        }));
        await over.CancelAsync();

        (await ticks).ShouldBe(0);
        foreach (var id in ids.SelectMany(i => i))
            signed.Of(id).ShouldBe(1);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task An_intent_that_can_never_be_recorded_goes_back_to_the_queue_and_the_others_are_finished(string database)
    {
        await using var company = await Company.Start(database);
        var db = company.Server.Get<Database>();
        var first = await company.Issue("one.example.test", "tls-client", requester: "R");
        using var blockedCsr = TestCsr.New("two.example.test");
        using var goodCsr = TestCsr.New("three.example.test");
        var blocked = await company.Submit(blockedCsr, "tls-client", requester: "S");
        var good = await company.Submit(goodCsr, "tls-client", requester: "T");
        foreach (var id in new[] { blocked.Id, good.Id })
            await CutOffBeforeRecording(company, id);
        // Meanwhile the place of S was taken, as another server on the same database could do.
        await db.Write($"UPDATE certificates SET holder = 'tls-client|s' WHERE id = {first.CertificateId}", CancellationToken.None);

        var recovery = company.Server.Services.GetServices<IHostedService>().OfType<IssuanceRecovery>().Single();
        await recovery.EndOpenIntents(CancellationToken.None);

        (await company.Get(Role.CaOfficer, blocked.PollUrl)).As<RequestView>().State.ShouldBe(RequestState.Queued);
        (await company.Get(Role.CaOfficer, good.PollUrl)).As<RequestView>().State.ShouldBe(RequestState.Issued);
        (await db.ReadOne<long>($"SELECT count(*) FROM audit WHERE action = 'issuance.abandon'", CancellationToken.None)).ShouldBe(1);
        (await db.ReadOne<long>($"SELECT count(*) FROM requests WHERE state = 'Issuing'", CancellationToken.None)).ShouldBe(0);
    }

    /// <summary>Approves, and takes the outcome back: what a server leaves that dies between signing and recording.</summary>
    private static async Task CutOffBeforeRecording(Company company, string id)
    {
        var db = company.Server.Get<Database>();
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{id}/approve", new ApproveRequest { IdentityCheck = "known" })).Status.ShouldBe(HttpStatusCode.OK);
        await db.Write($"DELETE FROM certificate_names WHERE certificate_id = (SELECT certificate_id FROM requests WHERE id = {id})", CancellationToken.None);
        await db.Write($"DELETE FROM certificates WHERE request_id = {id}", CancellationToken.None);
        await db.Write($"UPDATE requests SET state = 'Issuing', certificate_id = NULL WHERE id = {id}", CancellationToken.None);
    }
}
