using System.Runtime.CompilerServices;
using Countersign.Pki;
using Npgsql;

namespace Countersign.Server.Storage;

/// <summary>PostgreSQL: pooled readers, and one connection that writes each transaction as one pipelined batch.</summary>
internal sealed class PostgresBackend : IBackend
{
    // Two servers that start at the same moment bring the tables up to date one after the other.
    private const long MigrationLock = 0x436f756e74657273;

    private readonly NpgsqlDataSource _source;
    private readonly PostgresWriter _writer;

    public PostgresBackend(string connectionString, TimeProvider time)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 256,
            AutoPrepareMinUsages = 2,
            ApplicationName = "countersignd",
            IncludeErrorDetail = false,
            IncludeFailedBatchedCommand = true,
        };
        if (!connectionString.Contains("Timeout", StringComparison.OrdinalIgnoreCase))
        {
            settings.Timeout = 3;
            settings.CommandTimeout = 15;
            settings.KeepAlive = 30;
        }

        _source = NpgsqlDataSource.Create(settings);
        _writer = new PostgresWriter(_source, time);
    }

    public Dialect Dialect => Dialect.PostgreSql;

    public async IAsyncEnumerable<T> Stream<T>(Sql sql, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = _source.CreateCommand(PostgresStatements.Text(sql));
        PostgresStatements.Bind(command.Parameters, sql);
        await using var rows = await Guard(() => command.ExecuteReaderAsync(ct));
        if (!await Guard(() => rows.ReadAsync(ct)))
        {
            yield break;
        }

        var parse = RowReading.Parser<T>(rows);
        do
        {
            yield return parse(rows);
        }
        while (await Guard(() => rows.ReadAsync(ct)));
    }

    public async Task<T?> First<T>(Sql sql, CancellationToken ct)
    {
        await using var command = _source.CreateCommand(PostgresStatements.Text(sql));
        PostgresStatements.Bind(command.Parameters, sql);
        return await Guard(async () =>
        {
            await using var rows = await command.ExecuteReaderAsync(ct);
            return await rows.ReadAsync(ct) ? RowReading.Parser<T>(rows)(rows) : default;
        });
    }

    public BatchOutcome Commit(IReadOnlyList<WriteUnit> units) => _writer.Commit(units);

    public async Task ExecuteScript(string script, Sql? bookkeeping, CancellationToken ct) =>
        await Guard(async () =>
        {
            await using var connection = await _source.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using (var lockOut = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({MigrationLock})", connection, transaction))
            {
                await lockOut.ExecuteNonQueryAsync(ct);
            }

            // The row that remembers comes first: a second server stops at it before it changes anything.
            if (bookkeeping is not null)
            {
                await using var command = new NpgsqlCommand(PostgresStatements.Text(bookkeeping), connection, transaction);
                PostgresStatements.Bind(command.Parameters, bookkeeping);
                await command.ExecuteNonQueryAsync(ct);
            }

            await using (var command = new NpgsqlCommand(script, connection, transaction) { CommandTimeout = 0 })
            {
                await command.ExecuteNonQueryAsync(ct);
            }

            await transaction.CommitAsync(ct);
            return true;
        });

    public Task<string?> CopyBeforeMigration(string label, CancellationToken ct) => Task.FromResult<string?>(null);

    public async ValueTask DisposeAsync()
    {
        _writer.Dispose();
        await _source.DisposeAsync();
    }

    private static async Task<TResult> Guard<TResult>(Func<Task<TResult>> read)
    {
        try
        {
            return await read();
        }
        catch (NpgsqlException e)
        {
            throw PostgresStatements.Explain(e);
        }
    }
}
