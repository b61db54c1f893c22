using Countersign.Pki;

namespace Countersign.Server.Storage;

/// <summary>
/// Copies the write-ahead log into the database file beside the writer, on a connection and a thread of its own, so that commits do not wait for it.
/// Under load the log never comes to its end this way; the writer's own checkpoint at <see cref="FramesBeforeTheWriterDoesIt"/> then has little left to copy and starts the log anew.
/// </summary>
internal sealed class SqliteCheckpoints(string file, TimeSpan lockWait) : IAsyncDisposable
{
    /// <summary>Pages of 4 KiB: the log stays under 100 MB.</summary>
    public const int FramesBeforeTheWriterDoesIt = 24_000;

    /// <summary>About 8,000 pages. The longer the pause, the more changes of one page are copied once.</summary>
    private const int UnitsBetween = 4_000;

    private SqliteWriter? _connection;
    private Task _running = Task.CompletedTask;
    private int _units;

    /// <summary>Called by the writer after every commit.</summary>
    public void Committed(int units)
    {
        _units += units;
        if (_units >= UnitsBetween && _running.IsCompleted)
        {
            _units = 0;
            _running = Task.Factory.StartNew(Copy, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>After the last commit.</summary>
    public async ValueTask DisposeAsync()
    {
        await _running;
        _connection?.Dispose();
    }

    private void Copy()
    {
        try
        {
            (_connection ??= new SqliteWriter(file, lockWait)).Run("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (RefusalException)
        {
            // Nothing is lost: the writer's own checkpoint tries again, and says so where it matters.
            _connection?.Dispose();
            _connection = null;
        }
    }
}
