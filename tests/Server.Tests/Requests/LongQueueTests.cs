using System.Net;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Requests;
using Countersign.Server.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.Server.Tests.Requests;

public sealed class LongQueueTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_request_nobody_decides_on_expires_and_frees_its_place(string database)
    {
        await using var company = await Company.StartWith([.. await Databases.Options(database), "--limits:queueLimit", "1", "--limits:requestDays", "10"]);
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        using var next = TestCsr.New("b.example.test", "b.example.test");
        var late = await company.Submit(csr, "tls-server");
        company.Clock.Advance(TimeSpan.FromDays(9));
        (await company.TrySubmit(next, "tls-server")).Code.ShouldBe(Refusal.QueueFull);

        company.Clock.Advance(TimeSpan.FromDays(2));
        await company.Server.Services.GetServices<IHostedService>().OfType<RequestExpiry>().Single().EndLate(CancellationToken.None);

        (await company.Get(Role.Operator, late.PollUrl)).As<RequestView>().State.ShouldBe(RequestState.Expired);
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{late.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).Code.ShouldBe(Refusal.AlreadyDecided);
        (await company.Get(Role.CaOfficer, "/api/v1/requests?state=Expired")).As<Page<RequestView>>().Items.ShouldHaveSingleItem().Decision!.Reason!.ShouldContain("10 days");
        (await company.TrySubmit(csr, "tls-server")).Status.ShouldBe(HttpStatusCode.Accepted); // the same request may come again, and its place is free
        (await company.Server.Get<Database>().ReadOne<long>($"SELECT count(*) FROM audit WHERE action = 'request.expire'", CancellationToken.None)).ShouldBe(1);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_decision_by_filter_goes_to_the_end_and_says_what_remains(string database)
    {
        const int Waiting = 1003;
        await using var company = await Company.StartWith([.. await Databases.Options(database), "--limits:queueLimit", "2000", "--limits:identityPerSecond", "100000"]);
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        var first = await company.Submit(csr, "tls-server");
        await Copy(company.Server.Get<Database>(), first.Id, Waiting - 1);
        var no = new BulkReject { Reason = "room", Filter = new RequestFilter { Profile = "tls-server" } };

        var most = (await company.Post(Role.CaOfficer, "/api/v1/requests/reject", no)).As<BulkResult>();
        (most.Done, most.Refused, most.Remaining).ShouldBe((1000, 0, 3));
        var rest = (await company.Post(Role.CaOfficer, "/api/v1/requests/reject", no)).As<BulkResult>();
        (rest.Done, rest.Refused, rest.Remaining).ShouldBe((3, 0, 0));
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_decision_by_filter_that_is_refused_for_some_is_made_for_the_others(string database)
    {
        await using var company = await Company.Start(database);
        using var good = TestCsr.New("a.example.test", "a.example.test");
        using var nameless = TestCsr.New("PBX Berlin");
        await company.Submit(nameless, "tls-server");
        await company.Submit(good, "tls-server");

        var result = (await company.Post(Role.CaOfficer, "/api/v1/requests/approve", new BulkApprove { IdentityCheck = "known", Filter = new RequestFilter() })).As<BulkResult>();

        (result.Done, result.Refused, result.Remaining).ShouldBe((1, 1, 0));
        result.Items[0].Problem!.Code.ShouldBe(Refusal.LintFailed);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task What_is_being_signed_still_waits_to_those_who_look(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        var request = await company.Submit(csr, "tls-server");
        // As another server's claim looks from here.
        await company.Server.Get<Database>().Write($"UPDATE requests SET state = 'Issuing', claimed_by = 'another', claimed_at = {company.Now} WHERE id = {request.Id}", CancellationToken.None);

        (await company.Get(Role.CaOfficer, "/api/v1/requests?state=Queued")).As<Page<RequestView>>().Items.ShouldHaveSingleItem().Id.ShouldBe(request.Id);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Whoever_decides_on_their_own_request_is_seen_to_with_whatever_token(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        using var other = TestCsr.New("b.example.test", "b.example.test");
        var own = (await company.Post(Role.CaOfficer, "/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" })).As<RequestView>();
        var others = await company.Submit(other, "tls-server");
        var second = await company.SecondToken(Role.CaOfficer);

        (await company.PostAs(second, $"/api/v1/requests/{own.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).As<RequestView>().Decision!.OwnRequest.ShouldBeTrue();
        (await company.PostAs(second, $"/api/v1/requests/{others.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).As<RequestView>().Decision!.OwnRequest.ShouldBeFalse();
    }

    /// <summary>Makes more of a waiting request, each with a key of its own, faster than a thousand posts.</summary>
    private static async Task Copy(Database db, string id, int times)
    {
        var unit = new WriteUnit();
        for (var i = 0; i < times; i++)
        {
            unit.Add($"""
                INSERT INTO requests (id, organisation_id, state, profile, door, csr, spki_sha256, subject, sans, requester_kind, requester_id, requester_name, received_at)
                SELECT {id[..^4] + i.ToString("D4", System.Globalization.CultureInfo.InvariantCulture)}, organisation_id, state, profile, door, csr, {BitConverter.GetBytes(i)}, subject, sans, requester_kind, requester_id, requester_name, received_at
                FROM requests WHERE id = {id}
                """);
        }
        unit.Add($"UPDATE queue_counters SET queued = queued + {times}");
        await db.Write(unit, CancellationToken.None);
    }
}
