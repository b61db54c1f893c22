using Countersign.Server.Storage;
using Microsoft.Data.Sqlite;

namespace Countersign.Server.Tests.Hosting;

/// <summary>A start that cannot be: one line with what is wrong, what was kept and what to do, and no stack trace.</summary>
public sealed class StartTests : IAsyncLifetime
{
    private string data = "";

    public async ValueTask InitializeAsync()
    {
        var server = await TestServer.Start();
        data = await server.Stop();
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Says_who_has_the_data_folder()
    {
        await using var running = await TestServer.StartIn(data);

        var second = await Serve();

        second.Error.ShouldStartWith($"Another countersignd is at work in {data}; nothing was started, it goes on. Next: ");
        ShouldBeOneLine(second);
    }

    [Fact]
    public async Task Says_that_the_database_is_locked_or_newer_and_changes_nothing()
    {
        SqliteLibrary.Load();
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(data, "countersign.db")};Pooling=False"))
        {
            await other.OpenAsync();
            await Execute(other, "BEGIN EXCLUSIVE");
            var locked = await Serve();
            locked.Error.ShouldStartWith("storage_unavailable: ");
            locked.Error.ShouldContain("The database file is locked by another process. Nothing was started");
            ShouldBeOneLine(locked);
            await Execute(other, "ROLLBACK");
            await Execute(other, "INSERT INTO schema_migrations (number, name, sha256, applied_at) VALUES (9999, '9999-later', 'x', 1)");
        }

        var newer = await Serve();
        newer.Error.ShouldStartWith("schema_newer: ");
        newer.Error.ShouldContain("The database has 9999-later, which this version does not know. Nothing was started or changed. Next: ");
        ShouldBeOneLine(newer);
    }

    [Fact]
    public async Task Says_that_a_data_folder_is_none_and_a_connection_string_is_none()
    {
        var file = Path.Combine(data, "instance");
        var folder = await ProgramTests.Run("serve", "--data", file, "--https", "0", "--mtls", "0", "--http", "0");
        folder.Error.ShouldStartWith($"{file} cannot be a data folder: ");
        ShouldBeOneLine(folder);

        var database = await ProgramTests.Run("serve", "--data", data, "--database", "password=secret", "--database", "my secret");
        database.Code.ShouldBe(2);
        database.Error.ShouldStartWith("--database is no connection string");
        database.Error.ShouldNotContain("secret");
        database.Error.Trim().ShouldNotContain('\n');
    }

    private Task<(int Code, string Output, string Error)> Serve() =>
        ProgramTests.Run("serve", "--data", data, "--listen", "127.0.0.1", "--https", "0", "--mtls", "0", "--http", "0");

    private static void ShouldBeOneLine((int Code, string Output, string Error) run)
    {
        run.Code.ShouldBe(1);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("Next: ");
        run.Error.Trim().ShouldNotContain('\n');
    }

    private static async Task Execute(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
