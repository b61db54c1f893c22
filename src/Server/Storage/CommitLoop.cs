using System.Threading.Channels;
using Countersign.Pki;

namespace Countersign.Server.Storage;

/// <summary>
/// Group commit: one thread takes every unit that waits, writes them in one durable transaction and then tells their callers.
/// While a transaction is being made durable the next units gather, so the more is asked for at once, the less each one costs.
/// </summary>
internal sealed class CommitLoop : IAsyncDisposable
{
    private const int MostWaiting = 8192;
    private const int MostInOneTransaction = 256;
    private const int Attempts = 3;

    private readonly IBackend _backend;
    private readonly ILogger _log;
    private readonly Channel<WriteUnit> _waiting = Channel.CreateBounded<WriteUnit>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CommitHooks[] _hooks = [];
    private CommitHooks[]? _loaded;     // those whose state is known to be the database's; touched by the writer's thread only

    public CommitLoop(IBackend backend, ILogger log)
    {
        _backend = backend;
        _log = log;
        new Thread(Run) { IsBackground = true, Name = "storage writer" }.Start();
    }

    public void Follow(CommitHooks hooks)
    {
        lock (_waiting)
        {
            _hooks = [.. _hooks, hooks];
        }
    }

    public async Task Write(WriteUnit unit, CancellationToken ct)
    {
        unit.Enqueued();
        if (!_waiting.Writer.TryWrite(unit))
        {
            try
            {
                await _waiting.Writer.WriteAsync(unit, ct);
            }
            catch (ChannelClosedException e)
            {
                throw new RefusalException(Refusal.StorageUnavailable, "the server is stopping", e);
            }
        }

        if (!ct.CanBeCanceled)
        {
            await unit.Done;
            return;
        }

        await using var withdrawal = ct.UnsafeRegister(static (u, token) => ((WriteUnit)u!).Withdraw(token), unit);
        await unit.Done;
    }

    /// <summary>Takes no more units, writes those that wait, ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _ended.Task;
    }

    private void Run()
    {
        var batch = new List<WriteUnit>(MostInOneTransaction);
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MostInOneTransaction && _waiting.Reader.TryRead(out var unit))
            {
                if (unit.Start())
                {
                    batch.Add(unit);
                }
            }

            if (batch.Count > 0)
            {
                WriteAll(batch);
            }
        }

        _ended.SetResult();
    }

    private void WriteAll(List<WriteUnit> batch)
    {
        List<WriteUnit> rest = batch;
        try
        {
            var alone = new List<WriteUnit>();
            for (var attempt = 1; rest.Count > 1 && attempt <= Attempts; attempt++)
            {
                var outcome = Try(rest);
                if (outcome.Committed)
                {
                    Tell(rest, outcome);
                    rest = [];
                    break;
                }

                // Those that failed may have failed because of each other: each gets a transaction of its own after the others.
                var failed = outcome.Failed.Select(f => f.Unit).ToHashSet();
                alone.AddRange(failed);
                rest = [.. rest.Where(u => !failed.Contains(u))];
            }

            foreach (var unit in (WriteUnit[])[.. rest, .. alone])
            {
                WriteUnit[] one = [unit];
                Tell(one, Try(one));
            }
        }
        catch (Exception e)
        {
            // Every unit that has not been told otherwise: nothing of it was written, or (StorageOutcomeUnknown) nobody knows.
            _loaded = null;
            if (e is not RefusalException)
            {
                _log.LogError(e, "A transaction failed");
            }

            foreach (var unit in batch)
            {
                unit.Fail(e);
            }
        }
    }

    private BatchOutcome Try(IReadOnlyList<WriteUnit> units)
    {
        var all = _hooks;
        if (_loaded != all)
        {
            foreach (var hooks in all)
            {
                hooks.Load(CancellationToken.None).GetAwaiter().GetResult();
            }

            _loaded = all;
        }

        var outcome = _backend.Commit(units);
        foreach (var hooks in all)
        {
            (outcome.Committed ? hooks.Committed : hooks.RolledBack)();
        }

        return outcome;
    }

    private static void Tell(IReadOnlyList<WriteUnit> units, BatchOutcome outcome)
    {
        foreach (var (unit, exception) in outcome.Failed)
        {
            unit.Fail(exception);
        }

        if (outcome.Committed)
        {
            foreach (var unit in units)
            {
                unit.Succeed();     // no effect on those that failed
            }
        }
    }
}
