using System.Net;
using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Certificates;
using Countersign.Server.Events;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Events;

/// <summary>What ends is told four weeks before, two weeks before, when it ends and every day after; each step once.</summary>
public sealed class ExpiryTests
{
    private const string Profile = "forty-days";

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "INS-A7")]
    public async Task A_certificate_is_told_at_28_14_and_0_days_and_daily_after_until_somebody_knows(string database)
    {
        await using var company = await Start(await Databases.Options(database));
        var ends = (await Issue(company, "pbx.example.test")).NotAfter;
        var (replaced, revoked) = (await Issue(company, "old.example.test"), await Issue(company, "gone.example.test"));
        await company.Revoke(revoked.Id, "superseded");

        await MoveTo(company.Server, ends.AddDays(-29));
        (await About(company, "certificate")).ShouldBeEmpty();
        await MoveTo(company.Server, ends.AddDays(-28));
        var first = (await About(company, "certificate")).Single(e => e.ObjectName == "pbx.example.test");
        first.Severity.ShouldBe(EventSeverity.Warning);
        first.Text.ShouldBe($"Certificate pbx.example.test ends on {ends.UtcDateTime:yyyy-MM-dd HH:mm} UTC, in 28 days.");
        await MoveTo(company.Server, ends.AddDays(-20));
        await MoveTo(company.Server, ends.AddDays(-14));
        await MoveTo(company.Server, ends.AddDays(-13));
        using var next = TestCsr.New("old.example.test", "old.example.test");
        var renewal = await company.Submit(next, Profile, renews: replaced.Id);
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{renewal.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).Status.ShouldBe(HttpStatusCode.OK);
        (await company.Get(Role.Auditor, $"/api/v1/certificates/{replaced.Id}")).As<CertificateDetails>().State.ShouldBe(CertificateState.Superseded);
        await MoveTo(company.Server, ends);
        await MoveTo(company.Server, ends.AddHours(20));
        await MoveTo(company.Server, ends.AddDays(1));
        await MoveTo(company.Server, ends.AddDays(2));

        (await Steps(company, "pbx.example.test")).ShouldBe(["Warning 28", "Minor 14", "Major 0", "Major -1", "Major -2"]);
        (await About(company, "certificate")).ShouldNotContain(e => e.ObjectId == revoked.Id || (e.ObjectId == replaced.Id && e.Severity == EventSeverity.Major));
        var last = (await About(company, "certificate")).First(e => e.ObjectName == "pbx.example.test");
        last.Text.ShouldBe($"Certificate pbx.example.test ended on {ends.UtcDateTime:yyyy-MM-dd HH:mm} UTC.");

        (await company.Post(Role.Operator, "/api/v1/events/acknowledge", new AcknowledgeEvents { Ids = [last.Id] })).Status.ShouldBe(HttpStatusCode.OK);
        await MoveTo(company.Server, ends.AddDays(3));
        (await Steps(company, "pbx.example.test")).Count.ShouldBe(5);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_server_that_was_off_for_weeks_tells_the_step_that_holds_now_and_a_restart_tells_nothing_again(string database)
    {
        var options = await Databases.Options(database);
        await using var company = await Start(options);
        var ends = (await Issue(company, "pbx.example.test")).NotAfter;
        await MoveTo(company.Server, ends.AddDays(-27));
        var data = await company.Server.Stop();

        var second = await TestServer.StartIn(data, options);
        await MoveTo(second, ends.AddDays(-10));
        await second.Stop();

        await using var third = await TestServer.StartIn(data, options);
        await MoveTo(third, ends.AddDays(-9));
        var events = await third.Get<EventLog>().List(company.Organisation.Id, new EventFilter { ObjectKind = "certificate" }, null, 100, default);
        events.Select(e => e.Severity).ShouldBe(["Minor", "Warning"]);
        await MoveTo(third, ends.AddDays(5));
        events = await third.Get<EventLog>().List(company.Organisation.Id, new EventFilter { ObjectKind = "certificate" }, null, 100, default);
        events.Select(e => e.Severity).ShouldBe(["Major", "Minor", "Warning"]);
    }

    [Fact]
    public async Task Two_servers_on_one_database_tell_each_step_once()
    {
        var options = await Databases.Options(Databases.PostgreSql);
        await using var company = await Start(options);
        var ends = (await Issue(company, "pbx.example.test")).NotAfter;
        await using var second = await company.Server.StartBeside(options);
        foreach (var days in new[] { -28, -14, 0, 1 })
        {
            await Task.WhenAll(MoveTo(company.Server, ends.AddDays(days)), MoveTo(second, ends.AddDays(days)));
        }

        (await Steps(company, "pbx.example.test")).ShouldBe(["Warning 28", "Minor 14", "Major 0", "Major -1"]);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Api_tokens_are_told_until_they_are_revoked_and_none_earlier_than_they_are_long(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        var (token, dead) = (await company.Organisation.MakeToken(new CreateToken { Name = "nightly", Days = 20 }), await company.Organisation.MakeToken(new CreateToken { Name = "dead", Days = 20 }));
        var client = await company.Organisation.Client(Role.PrimaryAdministrator);
        (await client.DeleteAsync($"/api/v1/tokens/{dead.Token.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await MoveTo(company.Server, company.Now.AddMinutes(2));
        (await About(company, "token")).ShouldBeEmpty();
        await MoveTo(company.Server, token.Token.ExpiresAt.AddDays(-14));
        await MoveTo(company.Server, token.Token.ExpiresAt);
        (await client.DeleteAsync($"/api/v1/tokens/{token.Token.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await MoveTo(company.Server, token.Token.ExpiresAt.AddDays(1));

        (await About(company, "token")).Select(e => $"{e.ObjectName} {e.Severity}").ShouldBe(["nightly Major", "nightly Minor"]);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Authorities_and_the_lists_of_a_root_are_told_and_lists_that_renew_themselves_are_not(string database)
    {
        await using var company = await Company.StartWith(await Databases.Options(database));
        var authorities = (await company.Get(Role.Auditor, "/api/v1/authorities")).As<IReadOnlyList<AuthorityView>>();
        var issuing = authorities.Single(a => a.Role == AuthorityRole.Issuing);
        var root = authorities.Single(a => a.Role == AuthorityRole.Root);
        var lists = await company.Server.Get<Countersign.Server.Authorities.AuthorityEnds>().All(default);
        var until = lists.Single(l => l.IsList && !l.RenewsItself).End;

        await MoveTo(company.Server, until.AddDays(-29));
        (await About(company, "crl")).ShouldBeEmpty();
        await MoveTo(company.Server, until.AddDays(-28));
        (await About(company, "crl")).Single().ObjectId.ShouldBe(root.Id);
        await MoveTo(company.Server, issuing.NotAfter.AddDays(-28));
        await MoveTo(company.Server, issuing.NotAfter.AddDays(-14));
        var told = await About(company, "authority");
        told.Select(e => $"{e.ObjectId} {e.Severity}").ShouldBe([$"{issuing.Id} Minor", $"{issuing.Id} Warning"]);
        (await About(company, "crl")).ShouldNotContain(e => e.ObjectId == issuing.Id);
    }

    [Theory, InlineData(null), InlineData("last")]
    public async Task Reads_a_stretch_of_the_index_and_never_the_whole_table(string? after)
    {
        await using var company = await Company.StartWithoutCa([]);
        var last = after is null ? null : new CertificateEnd(after, "", "", "[]", 0, 0);
        var query = Inventory.EndingQuery(company.Now, company.Now.AddMinutes(1), last, 200);
        var plan = await company.Server.Get<Database>().ReadList<PlanStep>($"EXPLAIN QUERY PLAN {query}", default);

        plan.Single().Detail.ShouldStartWith("SEARCH certificates USING INDEX certificates_expiry (");
    }

    internal static async Task<Company> Start(string[] options)
    {
        var company = await Company.StartWith(options);
        var saved = await company.Put(Role.PrimaryAdministrator, $"/api/v1/profiles/{Profile}", new SaveProfile { CopyOf = "tls-server", Title = "Forty days", ValidityDays = 40 });
        saved.Status.ShouldBe(HttpStatusCode.OK, saved.Text);
        return company;
    }

    internal static async Task<CertificateDetails> Issue(Company company, string name)
    {
        using var csr = TestCsr.New(name, name);
        var request = await company.Submit(csr, Profile);
        var approved = (await company.Post(Role.CaOfficer, $"/api/v1/requests/{request.Id}/approve", new ApproveRequest { IdentityCheck = "known to the test" })).As<RequestView>();
        return (await company.Get(Role.Auditor, $"/api/v1/certificates/{approved.CertificateId}")).As<CertificateDetails>();
    }

    /// <summary>Moves the clock and waits until the ladder has looked.</summary>
    internal static async Task MoveTo(TestServer server, DateTimeOffset moment)
    {
        server.Clock.Advance(moment - server.Clock.GetUtcNow());
        await Polling.Until(async () => await server.Get<Database>().ReadOne<long?>($"SELECT at FROM expiry_marks", default) >= moment.ToUnixTimeMilliseconds());
    }

    private static async Task<IReadOnlyList<EventView>> About(Company company, string kind)
    {
        var answer = await company.GetAs(await company.Token(Role.Auditor), $"/api/v1/events?objectKind={kind}&limit=500");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.As<Page<EventView>>().Items;
    }

    private static async Task<IReadOnlyList<string>> Steps(Company company, string name) =>
        [.. (await About(company, "certificate")).Where(e => e.ObjectName == name).Reverse().Select(e => $"{e.Severity} {e.Parameters["days"]}")];

    private sealed class PlanStep
    {
        public string Detail { get; init; } = "";
    }
}
