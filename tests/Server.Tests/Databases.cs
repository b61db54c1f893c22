using System.Diagnostics;
using Npgsql;

[assembly: AssemblyFixture(typeof(Countersign.Server.Tests.Databases))]

namespace Countersign.Server.Tests;

// How a test runs on both databases:
//
//     [Theory, ClassData(typeof(AllDatabases))]
//     public async Task Approves_a_request(string database)
//     {
//         await using var server = await TestServer.Start(await Databases.Options(database));
//         …
//     }
//
// Databases.Options("sqlite") is empty (the file is in the server's data folder); Databases.Options("postgresql") is "--database" and the
// connection string of a new, empty database. The first test that asks starts one PostgreSQL from Debian's binaries for the whole run; it
// ends with the test process, however that ends. Pass the same options again to start a second server on the same database.

/// <summary>The two databases everything is tested on.</summary>
public sealed class AllDatabases : TheoryData<string>
{
    public AllDatabases()
    {
        Add(Databases.Sqlite);
        Add(Databases.PostgreSql);
    }
}

public sealed class Databases : IAsyncDisposable
{
    public const string Sqlite = "sqlite";
    public const string PostgreSql = "postgresql";

    private static readonly Lazy<Task<PostgresCluster>> Cluster = new(() => PostgresCluster.Start());
    private static int _made;

    /// <summary>Command line options that give a server a fresh database of this kind.</summary>
    public static async Task<string[]> Options(string kind) => kind == Sqlite ? [] : ["--database", await NewPostgres()];

    /// <summary>Connection string of a new, empty PostgreSQL database.</summary>
    public static async Task<string> NewPostgres()
    {
        var cluster = await Cluster.Value;
        return await cluster.NewDatabase($"test{Interlocked.Increment(ref _made)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster.IsValueCreated)
        {
            await (await Cluster.Value).DisposeAsync();
        }
    }
}

/// <summary>A PostgreSQL of its own on 127.0.0.1, in a temporary folder, durable as in production. Can be stopped and started again.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql/15/bin/";
    private readonly string _folder;
    private Process? _process;

    private PostgresCluster(string folder) => _folder = folder;

    public int Port { get; private set; }

    private static bool IsRoot => Environment.UserName == "root";

    public static async Task<PostgresCluster> Start()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-postgres-").FullName;
        var cluster = new PostgresCluster(folder);
        await Shell($"chmod 755 {folder} && mkdir {folder}/data {folder}/socket && {(IsRoot ? $"chown postgres {folder}/data {folder}/socket" : "true")}");
        await Shell($"{As}{Binaries}initdb -D {folder}/data -A trust -U postgres -E UTF8 --locale=C.UTF-8 >/dev/null");
        await cluster.Begin();
        return cluster;
    }

    /// <summary>Starts it again after <see cref="Stop"/>, on the same port.</summary>
    public async Task Begin()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = Port == 0 || attempt > 1 ? FreePort.Next() : Port;
            // The shell waits for its standard input to end, which happens however this process ends, and then takes the server with it.
            var script = $"{As}{Binaries}postgres -D {_folder}/data -p {Port} -k {_folder}/socket -c listen_addresses=127.0.0.1 "
                + $"-c max_connections=300 -c shared_buffers=64MB >{_folder}/log 2>&1 & pid=$!; read -r _; kill -QUIT $pid; wait $pid";
            _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, UseShellExecute = false })!;
            if (await Answers())
            {
                return;
            }

            await Stop();
            (attempt < 3).ShouldBeTrue($"PostgreSQL does not start: {await File.ReadAllTextAsync($"{_folder}/log")}");
        }
    }

    /// <summary>Ends it at once, as a crash would; what was committed is kept.</summary>
    public async Task Stop()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public async Task<string> NewDatabase(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database}";

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private static string As => IsRoot ? "setpriv --reuid=postgres --regid=postgres --init-groups " : "";

    private async Task<bool> Answers()
    {
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed < TimeSpan.FromSeconds(60) && !_process!.HasExited)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
                await connection.OpenAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50);
            }
        }

        return false;
    }

    private static async Task Shell(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cd / && " + script]) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, errors);
    }
}
