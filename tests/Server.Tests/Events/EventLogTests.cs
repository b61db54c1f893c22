using System.Net;
using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Events;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Events;

/// <summary>The event log over HTTP: what is told, who reads it, who acknowledges it.</summary>
public sealed class EventLogTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Is_read_by_everybody_newest_first_with_each_filter_and_paged(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        await Raise(company, EventSeverity.Warning, "certificate_expiry", "c1");
        await Raise(company, EventSeverity.Minor, "token_expiry", "t1");
        await Raise(company, EventSeverity.Major, "certificate_expiry", "c2");

        foreach (var role in Enum.GetValues<Role>())
        {
            (await List(company, "", role)).Items.Select(e => e.ObjectId).ShouldBe(["c2", "t1", "c1"]);
        }

        (await List(company, "?severity=Minor")).Items.Single().ObjectId.ShouldBe("t1");
        (await List(company, "?kind=certificate_expiry")).Items.Select(e => e.ObjectId).ShouldBe(["c2", "c1"]);
        (await List(company, "?objectKind=token")).Items.Single().ObjectId.ShouldBe("t1");
        (await List(company, "?objectId=c1")).Items.Single().Severity.ShouldBe(EventSeverity.Warning);
        (await company.Get(Role.Auditor, "/api/v1/events?severity=Loud")).Code.ShouldBe("malformed");
        var first = await List(company, "?limit=2");
        first.Items.Count.ShouldBe(2);
        (await List(company, $"?limit=2&after={first.Next}")).Items.Single().ObjectId.ShouldBe("c1");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Keeps_what_is_raised_again_once_and_nothing_of_a_transaction_that_fails(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        for (var i = 0; i < 3; i++)
        {
            await Raise(company, EventSeverity.Major, "certificate_expiry", "c1", once: "the same");
        }

        var unit = new WriteUnit();
        company.Server.Get<EventLog>().Raise(unit, Told(company, EventSeverity.Major, "certificate_expiry", "c2", null));
        unit.Add($"UPDATE settings SET value = {"x"} WHERE name = {"there is none"}", 1, () => new InvalidOperationException("what it told about did not happen"));
        await Should.ThrowAsync<InvalidOperationException>(company.Server.Get<Database>().Write(unit, default));

        (await List(company, "")).Items.Select(e => e.ObjectId).ShouldBe(["c1"]);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Remembers_who_acknowledged_first_and_refuses_those_who_may_only_read(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        await Raise(company, EventSeverity.Minor, "token_expiry", "t1");
        var told = (await List(company, "?acknowledged=false")).Items.Single();
        told.AcknowledgedAt.ShouldBeNull();
        var body = new AcknowledgeEvents { Ids = [told.Id] };

        foreach (var role in new[] { Role.HelpDesk, Role.Auditor })
        {
            (await company.Post(role, "/api/v1/events/acknowledge", body)).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await company.Post(Role.Operator, "/api/v1/events/acknowledge", new AcknowledgeEvents { Ids = [told.Id, "00000000000000000000000000"] })).Code.ShouldBe("not_found");
        (await company.Post(Role.Operator, "/api/v1/events/acknowledge", new AcknowledgeEvents { Ids = [] })).Code.ShouldBe("malformed");
        var known = (await company.Post(Role.Operator, "/api/v1/events/acknowledge", body)).As<IReadOnlyList<EventView>>().Single();
        var again = (await company.Post(Role.CaOfficer, "/api/v1/events/acknowledge", body)).As<IReadOnlyList<EventView>>().Single();

        known.AcknowledgedBy.ShouldStartWith("Operator");
        again.AcknowledgedBy.ShouldBe(known.AcknowledgedBy);
        (await List(company, "?acknowledged=false")).Items.ShouldBeEmpty();
        (await List(company, "?acknowledged=true")).Items.Single().Id.ShouldBe(told.Id);
        var trail = (await company.Get(Role.Auditor, "/api/v1/audit?action=event.acknowledge")).As<Page<AuditView>>().Items;
        trail.Single().ObjectId.ShouldBe(told.Id);
        (await company.GetAs(await company.Token(Role.Operator, ["a.example.test"]), "/api/v1/events")).Code.ShouldBe("forbidden");
    }

    internal static async Task<Page<EventView>> List(Company company, string query, Role role = Role.Auditor)
    {
        var answer = await company.Get(role, "/api/v1/events" + query);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.As<Page<EventView>>();
    }

    internal static async Task Raise(Company company, EventSeverity severity, string kind, string id, string? once = null)
    {
        company.Clock.Advance(TimeSpan.FromMilliseconds(1));    // in one millisecond there is no order
        var unit = new WriteUnit();
        company.Server.Get<EventLog>().Raise(unit, Told(company, severity, kind, id, once));
        await company.Server.Get<Database>().Write(unit, default);
    }

    private static NewEvent Told(Company company, EventSeverity severity, string kind, string id, string? once) =>
        new(company.Organisation.Id, severity, kind, kind.Split('_')[0], id, $"{id}.example.test") { Once = once };
}
