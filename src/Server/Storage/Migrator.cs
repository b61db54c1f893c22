using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Countersign.Pki;
using Countersign.Server.Storage.Backups;

namespace Countersign.Server.Storage;

/// <summary>
/// Brings the tables up to this version's: numbered scripts in order, each in a transaction of its own together with the row that
/// remembers it. Scripts never change once released.
/// </summary>
internal sealed class Migrator(IBackend backend, TimeProvider time, ILogger<Migrator> log)
{
    private const string Folder = "Countersign.Server.Storage.Migrations.";

    /// <exception cref="RefusalException">schema_newer: the database was last used by a newer version.</exception>
    public Task Run(CancellationToken ct) => Run(Known(), ct);

    /// <summary>Only as far as a backup had come, so that its rows fit.</summary>
    public Task Run(IReadOnlyList<AppliedMigration> upTo, CancellationToken ct) =>
        Run([.. Known().Where(m => upTo.Any(a => a.Number == m.Number))], ct);

    private async Task Run(IReadOnlyList<Migration> known, CancellationToken ct)
    {
        await backend.ExecuteScript(
            "CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)",
            null,
            ct);
        var applied = new Dictionary<long, AppliedMigration>();
        await foreach (var row in backend.Stream<AppliedMigration>($"SELECT number, name, sha256 FROM schema_migrations", ct))
        {
            applied.Add(row.Number, row);
        }

        Compare(known, applied);
        var missing = known.Where(m => !applied.ContainsKey(m.Number)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        if (applied.Count > 0 && await backend.CopyBeforeMigration($"before-{missing[0].Number:0000}", ct) is { } copy)
        {
            log.LogInformation("The database was copied to {Copy} before its tables are changed", copy);
        }

        foreach (var migration in missing)
        {
            await Apply(migration, ct);
            log.LogDebug("Applied {Name} to the database", migration.Name);
        }

        if (applied.Count > 0)
        {
            // At the first start there is nothing to tell: the address is what one sees.
            log.LogInformation("The tables of the database were brought up to date: {Count} changes up to {Name}", missing.Count, missing[^1].Name);
        }
    }

    internal static IReadOnlyList<Migration> Known()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var found = assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var migrations = found.Select(n => Read(assembly, n)).OrderBy(m => m.Number).ToList();
        var twice = migrations.GroupBy(m => m.Number).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? migrations : throw new InvalidOperationException($"Two migrations have the number {twice.Key}.");
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = reader.ReadToEnd().ReplaceLineEndings("\n");
        var name = resource[Folder.Length..^".sql".Length];
        return new Migration(long.Parse(name.AsSpan(0, 4)), name, text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    private static void Compare(IReadOnlyList<Migration> known, Dictionary<long, AppliedMigration> applied)
    {
        var byNumber = known.ToDictionary(m => m.Number);
        foreach (var row in applied.Values.OrderBy(a => a.Number))
        {
            if (!byNumber.TryGetValue(row.Number, out var migration))
            {
                throw new RefusalException(Refusal.SchemaNewer, $"the database has {row.Name}, which this version does not know");
            }

            if (row.Sha256 != migration.Sha256)
            {
                throw new RefusalException(Refusal.SchemaNewer, $"the database was made with another {row.Name} than this version's");
            }
        }
    }

    private async Task Apply(Migration migration, CancellationToken ct)
    {
        Sql bookkeeping = $"INSERT INTO schema_migrations (number, name, sha256, applied_at) VALUES ({migration.Number}, {migration.Name}, {migration.Sha256}, {time.GetUtcNow()})";
        try
        {
            await backend.ExecuteScript(ScriptFor(backend.Dialect, migration.Text), bookkeeping, ct);
        }
        catch (ConstraintViolatedException)
        {
            // Another server that started at the same moment has just done it.
            if (await backend.First<long?>($"SELECT number FROM schema_migrations WHERE number = {migration.Number} AND sha256 = {migration.Sha256}", ct) is null)
            {
                throw;
            }
        }
    }

    /// <summary>Lines after "-- only sqlite" or "-- only postgresql" are for that database, until "-- both".</summary>
    internal static string ScriptFor(Dialect dialect, string text)
    {
        var script = new StringBuilder(text.Length);
        Dialect? only = null;
        foreach (var line in text.Split('\n'))
        {
            only = line.Trim() switch
            {
                "-- only sqlite" => Dialect.Sqlite,
                "-- only postgresql" => Dialect.PostgreSql,
                "-- both" => null,
                _ => only,
            };
            if (only is null || only == dialect)
            {
                script.Append(line).Append('\n');
            }
        }

        return dialect == Dialect.Sqlite
            ? script.Replace("TEXT_C", "TEXT").Replace("BYTEA", "BLOB").ToString()
            : script.Replace("TEXT_C", "TEXT COLLATE \"C\"").ToString();
    }

    internal sealed record Migration(long Number, string Name, string Text, string Sha256);
}
