using Countersign.Pki;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Storage;

public sealed class GroupCommitTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Keeps_a_thousand_parallel_units_and_one_unbroken_chain(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => test.Database.Write(test.Setting($"{i}", "v"), CancellationToken.None)));

        await using var again = await TestDatabase.Open(test.Options);
        (await again.Count($"value = {"v"}")).ShouldBe(1000);
        await Chain.ShouldBeWhole(again, 1000);
    }

    [Fact]
    public async Task The_write_ahead_log_stays_bounded_under_load_and_what_was_copied_meanwhile_is_whole()
    {
        const int Units = 9000;
        var large = new string('v', 20_000);
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        await Task.WhenAll(Enumerable.Range(0, Units).Select(i => test.Database.Write(test.Setting($"{i}", large), CancellationToken.None)));

        new FileInfo(test.Options.PathTo("countersign.db-wal")).Length.ShouldBeLessThan(130_000_000, "200 MB were written");
        await using var again = await TestDatabase.Open(test.Options);
        (await again.Count($"value = {large}")).ShouldBe(Units);
        (await again.Database.ReadOne<string>($"PRAGMA integrity_check", CancellationToken.None)).ShouldBe("ok");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_unit_that_cannot_be_written_fails_alone(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await test.Database.Write(test.Setting("taken", "first"), CancellationToken.None);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Outcome(test, i)));

        for (var i = 0; i < outcomes.Length; i++)
        {
            switch (i % 10)
            {
                case 3:
                    outcomes[i].ShouldBeOfType<ConstraintViolatedException>();
                    break;
                case 5:
                    outcomes[i].ShouldBeOfType<RefusalException>().Detail.ShouldBe($"unit {i}");
                    break;
                case 7:
                    outcomes[i].ShouldBeOfType<StatementFailedException>();
                    break;
                default:
                    outcomes[i].ShouldBeNull();
                    break;
            }
        }

        (await test.Count($"value = {"v"}")).ShouldBe(210);
        (await test.Count($"value = {"half"}")).ShouldBe(0);
        await Chain.ShouldBeWhole(test, 211);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Only_one_of_many_claims_succeeds(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await test.Database.Write(test.Setting("claim", "free"), CancellationToken.None);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var unit = new WriteUnit();
            unit.Add($"UPDATE settings SET value = {$"taken by {i}"} WHERE name = {"claim"} AND value = {"free"}", 1, () => new RefusalException(Refusal.AlreadyDecided, "taken"));
            test.Trail.Append(unit, TestDatabase.Entry("claim", $"{i}"));
            return await Caught(test.Database.Write(unit, CancellationToken.None));
        }));

        outcomes.Count(o => o is null).ShouldBe(1);
        outcomes.Count(o => o is RefusalException { Code: Refusal.AlreadyDecided }).ShouldBe(199);
        await Chain.ShouldBeWhole(test, 2);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_unit_that_needs_what_a_failing_one_would_have_written_fails_too_and_one_that_it_blocked_does_not(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await test.Database.Write(test.Setting("x", "free"), CancellationToken.None);
        for (var round = 0; round < 20; round++)
        {
            var first = new WriteUnit();
            first.Add($"UPDATE settings SET value = {"taken"} WHERE name = {"x"} AND value = {"free"}");
            first.Add($"UPDATE settings SET value = {"never"} WHERE name = {"nothing"}", 1, () => new RefusalException(Refusal.NotFound, "nothing"));
            var blocked = new WriteUnit();
            blocked.Add($"UPDATE settings SET changed_at = changed_at + 1 WHERE name = {"x"} AND value = {"free"}", 1, () => new RefusalException(Refusal.AlreadyDecided, "x"));
            var needs = new WriteUnit();
            needs.Add($"UPDATE settings SET changed_at = 0 WHERE name = {"x"} AND value = {"taken"}", 1, () => new RefusalException(Refusal.AlreadyDecided, "x"));
            var outcomes = await Task.WhenAll(
                Caught(test.Database.Write(first, CancellationToken.None)),
                Caught(test.Database.Write(blocked, CancellationToken.None)),
                Caught(test.Database.Write(needs, CancellationToken.None)));
            outcomes[0].ShouldBeOfType<RefusalException>().Code.ShouldBe(Refusal.NotFound);
            outcomes[1].ShouldBeNull();
            outcomes[2].ShouldBeOfType<RefusalException>().Code.ShouldBe(Refusal.AlreadyDecided);
        }
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_waiting_unit_can_be_withdrawn_and_is_then_not_written(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        using var gate = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = new WriteUnit();
        slow.AddLateRow(() =>
        {
            begun.TrySetResult();
            gate.Wait(TimeSpan.FromSeconds(30));
            return $"INSERT INTO settings (organisation_id, name, value, changed_at) VALUES ({"o"}, {"slow"}, {"v"}, {0})";
        });
        var first = test.Database.Write(slow, CancellationToken.None);
        await begun.Task;
        using var cancel = new CancellationTokenSource();
        var withdrawn = new List<Task>();
        for (var i = 0; i < 10; i++)
        {
            withdrawn.Add(test.Database.Write(test.Setting($"w{i}", "v"), cancel.Token));
        }

        var kept = test.Database.Write(test.Setting("kept", "v"), CancellationToken.None);
        await cancel.CancelAsync();
        var outcomes = await Task.WhenAll(withdrawn.Select(Caught));
        gate.Set();
        await Task.WhenAll(first, kept);

        outcomes.ShouldAllBe(o => o is OperationCanceledException);
        (await test.Count($"value = {"v"}")).ShouldBe(2);
        await Chain.ShouldBeWhole(test, 1);
    }

    [Fact]
    public async Task A_unit_is_written_once()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        var unit = test.Setting("once", "v");
        await test.Database.Write(unit, CancellationToken.None);
        await Should.ThrowAsync<InvalidOperationException>(() => test.Database.Write(unit, CancellationToken.None));
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Rows_of_many_units_are_written_with_their_absent_values_and_one_that_is_there_already_fails_alone(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await test.Database.Write(Request(test, 0), CancellationToken.None);

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 50).Select(i => Caught(test.Database.Write(Request(test, i == 7 ? 0 : i), CancellationToken.None))));

        outcomes[6].ShouldBeOfType<ConstraintViolatedException>();
        outcomes.Count(o => o is null).ShouldBe(49);
        (await Found($"contact IS NULL AND decided_at IS NULL AND tbs_sha256 IS NULL")).ShouldBe(26);
        (await Found($"contact = 'contact ' || id AND decided_at = 1 AND tbs_sha256 = csr")).ShouldBe(24);
        (await Found($"id = {"33"} AND csr = {new byte[] { 33, 0 }}")).ShouldBe(1);
        await Chain.ShouldBeWhole(test, 50);

        async Task<long> Found(Sql where) => await test.Database.ReadOne<long>($"SELECT count(*) FROM requests WHERE {where}", CancellationToken.None);
    }

    private static WriteUnit Request(TestDatabase test, int i)
    {
        var odd = i % 2 == 1;
        byte[] bytes = [(byte)i, 0];
        var unit = new WriteUnit();
        unit.AddRow($"""
            INSERT INTO requests (id, organisation_id, state, profile, door, csr, spki_sha256, subject, sans, requester_kind, requester_id, requester_name, received_at, contact, decided_at, tbs_sha256)
            VALUES ({$"{i}"}, {TestDatabase.Organisation}, {"Issued"}, {"p"}, {"Rest"}, {bytes}, {bytes}, {"CN=x"}, {"[]"}, {"token"}, {"t"}, {"t"}, {0},
              {(odd ? $"contact {i}" : null)}, {(odd ? 1L : null)}, {(odd ? bytes : null)})
            """);
        test.Trail.Append(unit, TestDatabase.Entry("request.test", $"{i}"));
        return unit;
    }

    private static Task<Exception?> Outcome(TestDatabase test, int i)
    {
        var unit = test.Setting($"{i}", i % 10 is 3 or 5 or 7 ? "half" : "v");
        switch (i % 10)
        {
            case 3:
                unit.Add($"INSERT INTO settings (organisation_id, name, value, changed_at) VALUES ({TestDatabase.Organisation}, {"taken"}, {"half"}, {0})");
                break;
            case 5:
                unit.Add($"UPDATE settings SET value = {"half"} WHERE name = {"nobody"}", 1, () => new RefusalException(Refusal.NotFound, $"unit {i}"));
                break;
            case 7:
                unit.Add($"UPDATE no_such_table SET value = {"half"}");
                break;
        }

        return Caught(test.Database.Write(unit, CancellationToken.None));
    }

    private static async Task<Exception?> Caught(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
