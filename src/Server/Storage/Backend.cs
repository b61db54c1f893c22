using System.Data.Common;

namespace Countersign.Server.Storage;

internal enum Dialect
{
    Sqlite,
    PostgreSql,
}

/// <summary>One of the two databases: how to read, and how to try one transaction. Reads come from any thread, Commit and ExecuteScript from one at a time.</summary>
internal interface IBackend : IAsyncDisposable
{
    Dialect Dialect { get; }

    /// <summary>The rows of one query; faults of the moment come as storage_unavailable.</summary>
    IAsyncEnumerable<T> Stream<T>(Sql sql, CancellationToken ct);

    /// <summary>At most the first row.</summary>
    Task<T?> First<T>(Sql sql, CancellationToken ct);

    /// <summary>
    /// Writes the units in one durable transaction. Units that could not be written are named in the outcome; when one of them had
    /// already changed something, nothing of the others is written either and they have to be tried again.
    /// </summary>
    /// <exception cref="Countersign.Pki.RefusalException">storage_unavailable: nothing was written.</exception>
    /// <remarks>Nothing failed and nothing committed: another server was in the way, and the same units have to be tried again.</remarks>
    /// <exception cref="StorageOutcomeUnknownException">The connection was lost during the commit.</exception>
    BatchOutcome Commit(IReadOnlyList<WriteUnit> units);

    /// <summary>A script of our own, its bookkeeping statement first, in one transaction under a lock that keeps other processes out.</summary>
    Task ExecuteScript(string script, Sql? bookkeeping, CancellationToken ct);

    /// <summary>A copy beside the data before the tables are changed; null where that is the database administrator's business.</summary>
    Task<string?> CopyBeforeMigration(string label, CancellationToken ct);
}

internal sealed record BatchOutcome(bool Committed, IReadOnlyList<FailedUnit> Failed)
{
    public static BatchOutcome AllWritten { get; } = new(true, []);
}

/// <param name="Unit">What could not be written.</param>
/// <param name="Exception">What its caller gets.</param>
/// <param name="Late">A late statement failed: the state it was made from may not be the database's any more.</param>
internal sealed record FailedUnit(WriteUnit Unit, Exception Exception, bool Late = false);

internal static class RowReading
{
    /// <summary>Maps the current row of the reader to <typeparamref name="T"/>; made once per query shape.</summary>
    public static Func<DbDataReader, T> Parser<T>(DbDataReader reader)
    {
        RowMapping.Register();
        if (typeof(T).IsEnum)
        {
            return row => (T)Enum.Parse(typeof(T), row.GetString(0));
        }

        var parse = Dapper.SqlMapper.GetRowParser(reader, typeof(T));
        return row => (T)parse(row);
    }
}
