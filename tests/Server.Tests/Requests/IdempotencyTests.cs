using System.Net;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Requests;

public sealed class IdempotencyTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_key_that_came_with_another_request_is_refused(string database)
    {
        await using var company = await Company.Start(database);
        using var one = TestCsr.New("a.example.test", "a.example.test");
        using var other = TestCsr.New("b.example.test", "b.example.test");
        var first = await Ask(company, one, "k");

        (await Ask(company, one, "k")).As<RequestView>().Id.ShouldBe(first.As<RequestView>().Id);
        var refused = await Ask(company, other, "k");
        refused.Code.ShouldBe(Refusal.IdempotencyKeyReused);
        refused.Status.ShouldBe(HttpStatusCode.Conflict);
        (await Ask(company, other, "k2")).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task The_same_post_many_times_at_once_is_one_request_and_one_certificate(string database)
    {
        await using var company = await Company.Start(database);
        await company.Get(Role.CaOfficer, "/api/v1/requests"); // one officer, one token
        foreach (var profile in new[] { "tls-server", "tls-client" })
        {
            foreach (var automatic in new[] { true, false })
            {
                await company.Put(Role.PrimaryAdministrator, $"/api/v1/profiles/{profile}", new SaveProfile { Automatic = automatic });
                using var csr = TestCsr.New($"{profile}-{automatic}.example.test".ToLowerInvariant(), $"{profile}-{automatic}.example.test".ToLowerInvariant());
                var body = new SubmitRequest { Csr = csr.Pem, Profile = profile };

                var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => company.Post(Role.CaOfficer, "/api/v1/requests", body, $"{profile}-{automatic}")));

                answers.ShouldAllBe(a => (int)a.Status < 300);
                var id = answers.Select(a => a.As<RequestView>().Id).Distinct().ShouldHaveSingleItem();
                (await company.Get(Role.CaOfficer, $"/api/v1/requests/{id}")).As<RequestView>().State.ShouldBe(automatic ? RequestState.Issued : RequestState.Queued);
            }
        }

        (await company.Server.Get<Database>().ReadOne<long>($"SELECT count(*) FROM certificates", CancellationToken.None)).ShouldBe(2);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_decision_sent_again_has_the_same_answer_and_is_made_once(string database)
    {
        await using var company = await Company.Start(database);
        using var one = TestCsr.New("a.example.test", "a.example.test");
        using var other = TestCsr.New("b.example.test", "b.example.test");
        var (first, second) = ((await Ask(company, one, null)).As<RequestView>(), (await Ask(company, other, null)).As<RequestView>());
        var yes = new ApproveRequest { IdentityCheck = "known" };
        var approve = $"/api/v1/requests/{first.Id}/approve";
        await company.Get(Role.CaOfficer, "/api/v1/requests"); // one officer, one token

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => company.Post(Role.CaOfficer, approve, yes, "d1")));
        answers.ShouldAllBe(a => a.Status == HttpStatusCode.OK);
        var issued = (await company.Post(Role.CaOfficer, approve, yes, "d1")).As<RequestView>();
        issued.State.ShouldBe(RequestState.Issued);
        (await company.Post(Role.CaOfficer, approve, yes)).Code.ShouldBe(Refusal.AlreadyDecided);
        (await company.Post(Role.CaOfficer, approve, yes with { IdentityCheck = "other" }, "d1")).Code.ShouldBe(Refusal.IdempotencyKeyReused);
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{second.Id}/approve", yes, "d1")).Code.ShouldBe(Refusal.IdempotencyKeyReused);

        var no = new RejectRequest { Reason = "unknown machine" };
        var revoke = new RevokeRequest { Reason = "superseded", Confirm = true };
        for (var i = 0; i < 2; i++)
        {
            (await company.Post(Role.CaOfficer, $"/api/v1/requests/{second.Id}/reject", no, "d2")).As<RequestView>().State.ShouldBe(RequestState.Rejected);
            (await company.Post(Role.CaOfficer, $"/api/v1/certificates/{issued.CertificateId}/revoke", revoke, "d3")).As<CertificateDetails>().State.ShouldBe(CertificateState.Revoked);
        }
        var db = company.Server.Get<Database>();
        foreach (var action in new[] { "request.approve", "request.reject", "certificate.revoke" })
            (await db.ReadOne<long>($"SELECT count(*) FROM audit WHERE action = {action}", CancellationToken.None)).ShouldBe(1, action);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_decision_on_many_sent_again_is_about_the_same_requests_and_decides_none_twice(string database)
    {
        await using var company = await Company.Start(database);
        var waiting = new List<string>();
        foreach (var name in new[] { "a.example.test", "b.example.test", "c.example.test" })
        {
            using var csr = TestCsr.New(name, name);
            waiting.Add((await Ask(company, csr, null)).As<RequestView>().Id);
        }
        const string Approve = "/api/v1/requests/approve", Reject = "/api/v1/requests/reject";
        var yes = new BulkApprove { Ids = waiting[..1], IdentityCheck = "known" };
        var no = new BulkReject { Filter = new RequestFilter { Text = "example.test" }, Reason = "unknown machine" };
        await company.Get(Role.CaOfficer, "/api/v1/requests"); // one officer, one token

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => company.Post(Role.CaOfficer, Approve, yes, "m1")));
        answers.ShouldAllBe(a => a.As<BulkResult>().Done == 1);
        (await company.Post(Role.CaOfficer, Approve, yes with { IdentityCheck = "other" }, "m1")).Code.ShouldBe(Refusal.IdempotencyKeyReused);
        (await company.Post(Role.CaOfficer, Approve, yes)).As<BulkResult>().Items.ShouldHaveSingleItem().Problem!.Code.ShouldBe(Refusal.AlreadyDecided);

        (await company.Post(Role.CaOfficer, Reject, no, "m2")).As<BulkResult>().Items.Select(i => i.Id).ShouldBe(waiting[1..]);
        using var later = TestCsr.New("d.example.test", "d.example.test");
        var fourth = (await Ask(company, later, null)).As<RequestView>();
        var again = (await company.Post(Role.CaOfficer, Reject, no, "m2")).As<BulkResult>();
        (again.Done, again.Refused).ShouldBe((2, 0));
        again.Items.ShouldAllBe(i => i.State == RequestState.Rejected);
        (await company.Get(Role.Operator, fourth.PollUrl)).As<RequestView>().State.ShouldBe(RequestState.Queued);
        var db = company.Server.Get<Database>();
        (await db.ReadOne<long>($"SELECT count(*) FROM audit WHERE action = 'request.approve'", CancellationToken.None)).ShouldBe(1);
        (await db.ReadOne<long>($"SELECT count(*) FROM audit WHERE action = 'request.reject'", CancellationToken.None)).ShouldBe(2);
    }

    private static Task<Company.Answer> Ask(Company company, TestCsr csr, string? key) =>
        company.Post(Role.Operator, "/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" }, key);
}
