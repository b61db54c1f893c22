namespace Countersign.Server.Storage;

/// <summary>
/// The database of this server, SQLite or PostgreSQL behind the same statements. Reads see what is committed; writes are durable when
/// the task completes. Faults of the moment are refusals with the code storage_unavailable.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly IBackend _backend;
    private readonly CommitLoop _writer;

    public Database(IBackend backend, ILogger<Database> log)
    {
        _backend = backend;
        _writer = new CommitLoop(backend, log);
    }

    public Dialect Dialect => _backend.Dialect;

    /// <summary>The first row, or nothing (default) where there is none.</summary>
    public Task<T?> ReadOne<T>(Sql sql, CancellationToken ct) => _backend.First<T>(sql, ct);

    public async Task<IReadOnlyList<T>> ReadList<T>(Sql sql, CancellationToken ct)
    {
        var rows = new List<T>();
        await foreach (var row in _backend.Stream<T>(sql, ct))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Row by row, holding one connection until the enumeration ends.</summary>
    public IAsyncEnumerable<T> Stream<T>(Sql sql, CancellationToken ct) => _backend.Stream<T>(sql, ct);

    /// <summary>
    /// Completes when the unit is durable. A unit that has not been started can be cancelled; after that its outcome is reported.
    /// Throws what the unit's own expectation says, <see cref="ConstraintViolatedException"/>, a storage_unavailable refusal (nothing
    /// written) or <see cref="StorageOutcomeUnknownException"/>.
    /// </summary>
    public Task Write(WriteUnit unit, CancellationToken ct) => _writer.Write(unit, ct);

    /// <summary>One statement as a unit of its own.</summary>
    public Task Write(Sql sql, CancellationToken ct)
    {
        var unit = new WriteUnit();
        unit.Add(sql);
        return Write(unit, ct);
    }

    /// <summary>Keeps state in memory in step with the transactions. To be called while the server is put together.</summary>
    public void Follow(CommitHooks hooks) => _writer.Follow(hooks);

    internal IBackend Backend => _backend;

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _backend.DisposeAsync();
    }
}
