using Countersign.Pki;
using Npgsql;

namespace Countersign.Server.Storage;

/// <summary>The one connection that writes: BEGIN and all statements of all units go out in one batch, then the commit. Not thread-safe.</summary>
internal sealed class PostgresWriter(NpgsqlDataSource source, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private NpgsqlConnection? _connection;
    private TimeSpan _pause = FirstPause;
    private long _failedAt;

    public BatchOutcome Commit(IReadOnlyList<WriteUnit> units)
    {
        var connection = Connection();
        try
        {
            return TryCommit(connection, units);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
        {
            // Another server held rows in another order; ours was the transaction that was rolled back.
            return new BatchOutcome(false, []);
        }
        catch (NpgsqlException e)
        {
            Drop();
            throw PostgresStatements.Explain(e);
        }
    }

    public void Dispose() => Drop();

    private BatchOutcome TryCommit(NpgsqlConnection connection, IReadOnlyList<WriteUnit> units)
    {
        using var transaction = connection.BeginTransaction();
        using var batch = new NpgsqlBatch(connection, transaction);
        var steps = new List<(WriteUnit Unit, WriteStep Step)>();   // of the commands of the same index; the rows' commands follow
        var rows = new PostgresRows();
        var failed = new List<FailedUnit>();
        foreach (var unit in units)
        {
            foreach (var step in unit.Steps)
            {
                try
                {
                    var sql = step.Statement();
                    if (step.IsRow && rows.Take(sql))
                    {
                        continue;
                    }

                    batch.BatchCommands.Add(PostgresStatements.Command(sql));
                    steps.Add((unit, step));
                }
                catch (Exception e)
                {
                    failed.Add(new FailedUnit(unit, e, step.Late is not null));
                    break;
                }
            }
        }

        if (failed.Count == 0)
        {
            rows.AddTo(batch);
            failed.AddRange(Send(batch, steps, units));
        }

        if (failed.Count > 0)
        {
            transaction.Rollback();
            return new BatchOutcome(false, failed);
        }

        try
        {
            transaction.Commit();
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            Drop();
            throw new StorageOutcomeUnknownException(e);
        }

        return BatchOutcome.AllWritten;
    }

    private static List<FailedUnit> Send(NpgsqlBatch batch, List<(WriteUnit Unit, WriteStep Step)> steps, IReadOnlyList<WriteUnit> units)
    {
        try
        {
            _ = batch.ExecuteNonQuery();
        }
        catch (PostgresException e) when (e.BatchCommand is NpgsqlBatchCommand bad && PostgresStatements.Explain(e) is not RefusalException
            && e.SqlState is not (PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure))
        {
            var at = batch.BatchCommands.IndexOf(bad);
            // Whose row it was is not known when there were several: Late keeps them all for another try, in the end each alone.
            return at < steps.Count
                ? [new FailedUnit(steps[at].Unit, PostgresStatements.Explain(e), steps[at].Step.Late is not null)]
                : [.. units.Select(u => new FailedUnit(u, PostgresStatements.Explain(e), Late: true))];
        }

        var failed = new List<FailedUnit>();
        for (var i = 0; i < steps.Count; i++)
        {
            var (unit, step) = steps[i];
            if (step.Expect >= 0 && batch.BatchCommands[i].RecordsAffected != step.Expect && failed.TrueForAll(f => f.Unit != unit))
            {
                failed.Add(new FailedUnit(unit, step.OrElse!()));
            }
        }

        return failed;
    }

    private NpgsqlConnection Connection()
    {
        if (_connection is not null)
        {
            return _connection;
        }

        if (_failedAt != 0 && time.GetElapsedTime(_failedAt) < _pause)
        {
            throw new RefusalException(Refusal.StorageUnavailable, "the database does not answer");
        }

        try
        {
            _connection = source.OpenConnection();
            _failedAt = 0;
            _pause = FirstPause;
            return _connection;
        }
        catch (Exception e) when (e is NpgsqlException or System.Net.Sockets.SocketException or TimeoutException)
        {
            _pause = _failedAt == 0 ? FirstPause : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, _pause.Ticks * 2));
            _failedAt = time.GetTimestamp();
            throw e is NpgsqlException n ? PostgresStatements.Explain(n) : new RefusalException(Refusal.StorageUnavailable, "the database does not answer", e);
        }
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
