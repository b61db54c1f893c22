using Countersign.Server.Audit;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Storage;
using Countersign.Server.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Server.Tests.Audit;

public sealed class AuditTrailTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "ACC-A4")]
    public async Task The_database_itself_refuses_to_change_or_delete_records(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await test.Database.Write(test.Setting("a", "v"), CancellationToken.None);
        await test.Checkpoints.Sign(CancellationToken.None);
        Sql[] attempts =
        [
            $"UPDATE audit SET actor_name = {"Eve"}", $"DELETE FROM audit", $"UPDATE audit_checkpoints SET at = 0", $"DELETE FROM audit_checkpoints",
        ];
        foreach (var attempt in attempts)
        {
            (await Should.ThrowAsync<ConstraintViolatedException>(() => test.Database.Write(attempt, CancellationToken.None))).Message.ShouldContain("append-only");
        }

        await Chain.ShouldBeWhole(test, 1);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task The_chain_goes_on_after_a_restart_and_servers_have_chains_of_their_own(string kind)
    {
        await using var first = await TestDatabase.Open(kind);
        await first.Database.Write(first.Setting("a", "v"), CancellationToken.None);
        if (kind == Databases.PostgreSql)
        {
            var elsewhere = new Countersign.Server.Hosting.CountersignOptions { Data = Directory.CreateTempSubdirectory("countersign-db-").FullName, Database = first.Options.Database };
            await using var second = await TestDatabase.Open(elsewhere, ownsData: true);
            await Task.WhenAll(Enumerable.Range(0, 50).SelectMany(i => new[]
            {
                first.Database.Write(first.Setting($"f{i}", "v"), CancellationToken.None),
                second.Database.Write(second.Setting($"s{i}", "v"), CancellationToken.None),
            }));
            await Chain.ShouldBeWhole(first, 51);
            await Chain.ShouldBeWhole(second, 50);
            var both = await AuditVerificationTests.Verify(await AuditVerificationTests.Export(second, 0));
            both.Fault.ShouldBeNull();
            both.Chains.Count.ShouldBe(2);
        }

        await first.Database.DisposeAsync();
        await using var again = await TestDatabase.Open(first.Options);
        await again.Database.Write(again.Setting("b", "v"), CancellationToken.None);
        await Chain.ShouldBeWhole(again, kind == Databases.PostgreSql ? 52 : 2);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Pages_go_on_where_they_ended_while_records_are_added(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await Task.WhenAll(Enumerable.Range(0, 25).Select(i => test.Database.Write(test.Setting($"s{i}", "v"), CancellationToken.None)));
        var seen = new List<long>();
        string? next = null;
        do
        {
            var page = await test.Log.Page(TestDatabase.Organisation, new(), 10, next, CancellationToken.None);
            seen.AddRange(page.Rows.Select(r => r.Seq));
            next = page.Next;
            await test.Database.Write(test.Setting($"new{seen.Count}", "v"), CancellationToken.None);
        }
        while (next is not null);
        seen.ShouldBe(Enumerable.Range(1, 25).Reverse().Select(i => (long)i));
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Finds_records_by_what_who_when_and_text(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        foreach (var (action, id, name) in ((string, string, string)[])[("request.approve", "r1", "Ada"), ("request.reject", "r2", "Bob"), ("certificate.revoke", "c_1", "Ada"), ("certificate.revoke", "cx1", "100%")])
        {
            var unit = new WriteUnit();
            test.Trail.Append(unit, new AuditEntry(TestDatabase.Organisation, new("administrator", name, name, "192.0.2.1"), action, action.Split('.')[0], id, "{}"));
            await test.Database.Write(unit, CancellationToken.None);
        }

        (await Ids(new(Action: "request."))).ShouldBe(["r2", "r1"]);
        (await Ids(new(Action: "request.reject"))).ShouldBe(["r2"]);
        (await Ids(new(Actor: "Ada"))).ShouldBe(["c_1", "r1"]);
        (await Ids(new(ObjectId: "cx1"))).ShouldBe(["cx1"]);
        (await Ids(new(Text: "C_1"))).ShouldBe(["c_1"]);
        (await Ids(new(Text: "0%"))).ShouldBe(["cx1"]);
        (await Ids(new(From: DateTimeOffset.UtcNow.AddMinutes(1)))).ShouldBeEmpty();
        (await Ids(new(Until: DateTimeOffset.UtcNow.AddMinutes(1), ObjectKind: "certificate"))).ShouldBe(["cx1", "c_1"]);
        (await test.Log.History(TestDatabase.Organisation, "r1", CancellationToken.None)).ShouldHaveSingleItem().Action.ShouldBe("request.approve");

        async Task<IEnumerable<string>> Ids(AuditFilter filter) =>
            (await test.Log.Page(TestDatabase.Organisation, filter, 100, null, CancellationToken.None)).Rows.Select(r => r.ObjectId).ToList();
    }

    [Fact]
    public async Task Signing_ends_quietly_when_it_is_disposed_without_a_stop_as_by_a_start_that_fails()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        using var sealing = new Sealing(test.Random);
        using var key = new AuditKey(test.Database, sealing, test.Time);
        var clock = new ClockWithWitness();
        using var checkpoints = new AuditCheckpoints(test.Database, test.Trail, key, test.Instance, clock, NullLogger<AuditCheckpoints>.Instance);
        await checkpoints.StartAsync(CancellationToken.None);
        await clock.Asked.Task.WaitAsync(TimeSpan.FromSeconds(30)); // it runs

        checkpoints.Dispose();

        await checkpoints.ExecuteTask.ShouldNotBeNull().WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Tells when somebody sets a timer.</summary>
    private sealed class ClockWithWitness : TimeProvider
    {
        internal TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Asked.TrySetResult();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
