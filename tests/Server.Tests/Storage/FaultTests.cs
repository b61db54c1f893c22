using Countersign.Pki;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;
using Microsoft.Data.Sqlite;

namespace Countersign.Server.Tests.Storage;

public sealed class FaultTests
{
    [Fact]
    public async Task A_full_disk_refuses_the_write_keeps_what_was_there_and_works_again_when_there_is_room()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        await test.Database.Write(test.Setting("before", "v"), CancellationToken.None);

        // SQLite's own limit on pages gives the same error at the same places as a disk without room.
        var size = await test.Database.ReadOne<long>($"SELECT page_count FROM pragma_page_count()", CancellationToken.None);
        await test.Backend.ExecuteScript($"PRAGMA max_page_count={size + 1}", null, CancellationToken.None);
        var unit = test.Setting("large", new string('x', 100_000));
        var refusal = await Should.ThrowAsync<RefusalException>(() => test.Database.Write(unit, CancellationToken.None));
        refusal.Code.ShouldBe(Refusal.StorageUnavailable);
        refusal.Detail.ShouldContain("full");
        (await test.Count($"name = {"large"}")).ShouldBe(0);

        await test.Database.Write(test.Setting("after", new string('x', 100_000)), CancellationToken.None);
        await Chain.ShouldBeWhole(test, 2);
    }

    [Fact]
    public async Task A_file_locked_by_another_process_refuses_the_write_and_works_again_after()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        await test.Database.Write(test.Setting("before", "v"), CancellationToken.None);
        await using (var other = new SqliteConnection($"Data Source={test.Options.PathTo("countersign.db")};Pooling=False"))
        {
            await other.OpenAsync();
            await using var begin = other.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            await begin.ExecuteNonQueryAsync();
            var writes = Enumerable.Range(0, 10).Select(i => Should.ThrowAsync<RefusalException>(() => test.Database.Write(test.Setting($"{i}", "v"), CancellationToken.None)));
            (await Task.WhenAll(writes)).ShouldAllBe(r => r.Code == Refusal.StorageUnavailable);
            (await test.Count($"value = {"v"}")).ShouldBe(1);
        }

        await test.Database.Write(test.Setting("after", "v"), CancellationToken.None);
        await Chain.ShouldBeWhole(test, 2);
    }

    [Fact]
    public async Task A_database_that_goes_and_comes_back_loses_nothing_that_was_confirmed()
    {
        await using var cluster = await PostgresCluster.Start();
        var options = new CountersignOptions { Data = Directory.CreateTempSubdirectory("countersign-db-").FullName, Database = await cluster.NewDatabase("gone") };
        await using var test = await TestDatabase.Open(options, ownsData: true);
        await test.Database.Write(test.Setting("before", "v"), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var confirmed = new System.Collections.Concurrent.ConcurrentBag<string>();
        var refused = new System.Collections.Concurrent.ConcurrentBag<string>();
        var writers = Enumerable.Range(0, 16).Select(w => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var name = $"{w}-{i}";
                try
                {
                    await test.Database.Write(test.Setting(name, "v"), CancellationToken.None);
                    confirmed.Add(name);
                }
                catch (RefusalException e) when (e.Code == Refusal.StorageUnavailable)
                {
                    refused.Add(name);
                    await Task.Delay(10);
                }
                catch (StorageOutcomeUnknownException)
                {
                    // written or not
                }
            }
        })).ToList();
        await Until(() => confirmed.Count > 200);
        await cluster.Stop();
        await Until(() => refused.Count > 50);
        (await Should.ThrowAsync<RefusalException>(() => test.Count($"1 = 1"))).Code.ShouldBe(Refusal.StorageUnavailable);
        await cluster.Begin();
        var then = confirmed.Count;
        await Until(() => confirmed.Count > then + 200);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        var there = (await test.Database.ReadList<string>($"SELECT name FROM settings", CancellationToken.None)).ToHashSet();
        confirmed.Where(n => !there.Contains(n)).ShouldBeEmpty();
        refused.Where(there.Contains).ShouldBeEmpty();
        await Chain.ShouldBeWhole(test, there.Count);
    }

    [Fact]
    public async Task Two_servers_that_change_the_same_rows_in_another_order_both_succeed()
    {
        await using var first = await TestDatabase.Open(Databases.PostgreSql);
        await first.Database.Write(first.Setting("a", "0"), CancellationToken.None);
        await first.Database.Write(first.Setting("b", "0"), CancellationToken.None);
        var elsewhere = new CountersignOptions { Data = Directory.CreateTempSubdirectory("countersign-db-").FullName, Database = first.Options.Database };
        await using var second = await TestDatabase.Open(elsewhere, ownsData: true);
        await Task.WhenAll(Both(first, "a", "b"), Both(second, "b", "a"));
        (await first.Database.ReadList<long>($"SELECT changed_at FROM settings WHERE name IN ('a', 'b')", CancellationToken.None)).ShouldBe([200, 200]);
        await Chain.ShouldBeWhole(first, 102);
        await Chain.ShouldBeWhole(second, 100);

        static async Task Both(TestDatabase test, string one, string two)
        {
            await test.Database.Write($"UPDATE settings SET changed_at = 0 WHERE changed_at > 1000000", CancellationToken.None);
            for (var i = 0; i < 100; i++)
            {
                var unit = new WriteUnit();
                test.Trail.Append(unit, TestDatabase.Entry("count", one));
                unit.Add($"UPDATE settings SET changed_at = changed_at + 1 WHERE name = {one}", 1, () => new InvalidOperationException());
                unit.Add($"UPDATE settings SET changed_at = changed_at + 1 WHERE name = {two}", 1, () => new InvalidOperationException());
                await test.Database.Write(unit, CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task Writes_to_a_server_that_has_stopped_are_refused()
    {
        var test = await TestDatabase.Open(Databases.Sqlite);
        await test.DisposeAsync();
        var unit = new WriteUnit();
        unit.Add($"DELETE FROM settings");
        (await Should.ThrowAsync<RefusalException>(() => test.Database.Write(unit, CancellationToken.None))).Code.ShouldBe(Refusal.StorageUnavailable);
    }

    private static async Task Until(Func<bool> condition)
    {
        var deadline = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            deadline.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
            await Task.Delay(20);
        }
    }
}
