using Countersign.Pki;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Server.Tests.Storage;

public sealed class MigrationTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Applies_every_script_once_and_remembers_it(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await using (var again = await TestDatabase.Open(test.Options))
        {
            var applied = await again.Database.ReadList<string>($"SELECT name FROM schema_migrations ORDER BY number", CancellationToken.None);
            applied.ShouldBe(Migrator.Known().Select(m => m.Name));
            applied[0].ShouldBe("0001_foundation");
        }
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Refuses_a_database_that_a_newer_version_has_used(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await test.Database.Write($"INSERT INTO schema_migrations (number, name, sha256, applied_at) VALUES (9999, '9999_future', 'x', 0)", CancellationToken.None);
        var refusal = await Should.ThrowAsync<RefusalException>(() => TestDatabase.Open(test.Options));
        refusal.Code.ShouldBe(Refusal.SchemaNewer);
        refusal.Detail.ShouldContain("9999_future");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Servers_that_start_at_the_same_moment_do_not_disturb_each_other(string kind)
    {
        var database = kind == Databases.PostgreSql ? await Databases.NewPostgres() : null;
        var data = Directory.CreateTempSubdirectory("countersign-db-").FullName;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await using var backend = StorageFeature.Open(new CountersignOptions { Data = data, Database = database }, TimeProvider.System);
            await new Migrator(backend, TimeProvider.System, NullLogger<Migrator>.Instance).Run(CancellationToken.None);
        })));
        await using var test = await TestDatabase.Open(new CountersignOptions { Data = data, Database = database }, ownsData: true);
        await test.Database.Write(test.Setting("a", "v"), CancellationToken.None);
    }

    [Fact]
    public async Task Copies_the_file_before_its_tables_are_changed()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        await test.Database.Write(test.Setting("kept", "v"), CancellationToken.None);
        var last = Migrator.Known()[^1];

        // As if this version were the first to know the last script.
        await test.Backend.ExecuteScript("CREATE TABLE forget (x BIGINT)", $"DELETE FROM schema_migrations WHERE number = {last.Number}", CancellationToken.None);
        await Should.ThrowAsync<StatementFailedException>(() => TestDatabase.Open(test.Options));

        var copy = Directory.GetFiles(test.Options.PathTo("backups")).ShouldHaveSingleItem();
        Path.GetFileName(copy).ShouldStartWith($"before-{last.Number:0000}-");
        File.GetUnixFileMode(copy).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var restored = new CountersignOptions { Data = Directory.CreateTempSubdirectory("countersign-db-").FullName };
        File.Copy(copy, restored.PathTo("countersign.db"));
        await using var backend = StorageFeature.Open(restored, TimeProvider.System);
        (await backend.First<string>($"SELECT value FROM settings WHERE name = {"kept"}", CancellationToken.None)).ShouldBe("v");

        // The failed script left nothing behind.
        (await test.Database.ReadOne<long>($"SELECT COUNT(*) FROM schema_migrations WHERE number = {last.Number}", CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public void Lines_for_one_database_are_left_out_for_the_other()
    {
        const string Script = "a TEXT_C\n-- only sqlite\nb BYTEA\n-- only postgresql\nc BYTEA\n-- both\nd";
        Migrator.ScriptFor(Dialect.Sqlite, Script).ShouldBe("a TEXT\n-- only sqlite\nb BLOB\n-- both\nd\n");
        Migrator.ScriptFor(Dialect.PostgreSql, Script).ShouldBe("a TEXT COLLATE \"C\"\n-- only postgresql\nc BYTEA\n-- both\nd\n");
    }
}
