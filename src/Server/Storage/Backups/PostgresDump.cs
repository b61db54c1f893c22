using System.Formats.Tar;
using Npgsql;

namespace Countersign.Server.Storage.Backups;

/// <summary>All tables of a PostgreSQL database in one snapshot, in PostgreSQL's binary COPY format, in parts that fit into memory.</summary>
internal static class PostgresDump
{
    public const string Folder = "postgresql/";
    private const int PartLength = 8 * 1024 * 1024;
    private const string Bookkeeping = "schema_migrations";

    public static async Task Write(string connectionString, string data, Func<IReadOnlyList<AppliedMigration>, IReadOnlyList<DumpedTable>, BackupManifest> describe, BackupArchive archive, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var migrations = await Migrations(connection, ct);
        var tables = await Tables(connection, ct);
        archive.Add(describe(migrations, tables));
        archive.AddFiles(data);
        foreach (var table in tables)
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY {Columns(table)} TO STDOUT (FORMAT BINARY)", ct);
            var part = new byte[PartLength];
            for (var number = 0; ; number++)
            {
                var length = await copy.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, ct);
                if (length > 0)
                {
                    archive.Add($"{Folder}{table.Name}/{number:000000}", new MemoryStream(part, 0, length));
                }

                if (length < part.Length)
                {
                    break;
                }
            }
        }
    }

    public static async Task<bool> IsEmpty(string connectionString, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema()");
        return (long)(await command.ExecuteScalarAsync(ct))! == 0;
    }

    /// <summary>Fills the tables, which exist and are empty, in one transaction.</summary>
    public static async Task Read(string connectionString, BackupManifest manifest, IEnumerable<TarEntry> entries, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        string? current = null;
        NpgsqlRawCopyStream? copy = null;
        foreach (var entry in entries)
        {
            var name = entry.Name[Folder.Length..].Split('/')[0];
            if (name != current)
            {
                await End(copy);
                var table = manifest.Tables.First(t => t.Name == name);
                copy = await connection.BeginRawBinaryCopyAsync($"COPY {Columns(table)} FROM STDIN (FORMAT BINARY)", ct);
                current = name;
            }

            await entry.DataStream!.CopyToAsync(copy!, ct);
        }

        await End(copy);
        await transaction.CommitAsync(ct);

        static ValueTask End(NpgsqlRawCopyStream? stream) => stream?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private static async Task<IReadOnlyList<AppliedMigration>> Migrations(NpgsqlConnection connection, CancellationToken ct)
    {
        var found = new List<AppliedMigration>();
        await using var command = new NpgsqlCommand($"SELECT number, name, sha256 FROM {Bookkeeping} ORDER BY number", connection);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            found.Add(new AppliedMigration(rows.GetInt64(0), rows.GetString(1), rows.GetString(2)));
        }

        return found;
    }

    private static async Task<IReadOnlyList<DumpedTable>> Tables(NpgsqlConnection connection, CancellationToken ct)
    {
        const string Query = """
            SELECT t.tablename::text, c.column_name::text FROM pg_tables t JOIN information_schema.columns c ON c.table_schema = t.schemaname AND c.table_name = t.tablename
            WHERE t.schemaname = current_schema() ORDER BY t.tablename, c.ordinal_position
            """;
        var found = new List<(string Table, string Column)>();
        await using var command = new NpgsqlCommand(Query, connection);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            found.Add((rows.GetString(0), rows.GetString(1)));
        }

        return [.. found.Where(f => f.Table != Bookkeeping).GroupBy(f => f.Table).Select(g => new DumpedTable(g.Key, [.. g.Select(c => c.Column)]))];
    }

    private static string Columns(DumpedTable table) => $"{Quoted(table.Name)} ({string.Join(", ", table.Columns.Select(Quoted))})";

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
