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
    private readonly ManualResetEventSlim _work = new(initialState: false, spinCount: 0); // spinning would take the core from those who make the next units
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

        _work.Set();
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
        _work.Set();
        await _ended.Task;
        _work.Dispose();
    }

    private void Run()
    {
        var batch = new List<WriteUnit>(MostInOneTransaction);
        while (!_waiting.Reader.Completion.IsCompleted)
        {
            _work.Wait();
            _work.Reset();      // before looking: a unit that comes after the look sets it again
            while (Take(batch))
            {
                WriteAll(batch);
                batch.Clear();
            }
        }

        _ended.SetResult();
    }

    private bool Take(List<WriteUnit> batch)
    {
        while (batch.Count < MostInOneTransaction && _waiting.Reader.TryRead(out var unit))
        {
            if (unit.Start())
            {
                batch.Add(unit);
            }
        }

        return batch.Count > 0;
    }

    private void WriteAll(List<WriteUnit> batch)
    {
        try
        {
            var alone = Together(batch);
            foreach (var unit in alone)
            {
                Alone(unit);
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
                unit.Fail(e is RefusalException r ? new RefusalException(r.Code, r.Detail, r) : e);
            }
        }
    }

    /// <summary>Writes as many units as possible in one transaction; the others have to be tried each in one of its own.</summary>
    private List<WriteUnit> Together(List<WriteUnit> batch)
    {
        var rest = batch;
        var alone = new List<WriteUnit>();
        for (var attempt = 1; rest.Count > 1 && attempt <= Attempts; attempt++)
        {
            var outcome = Try(rest);
            if (outcome.Committed)
            {
                Tell(rest, outcome);
                return alone;
            }

            // Those that failed may have failed because of each other: each gets a transaction of its own after the others.
            var failed = outcome.Failed.Where(f => !f.Late).Select(f => f.Unit).ToHashSet();
            alone.AddRange(failed);
            rest = [.. rest.Where(u => !failed.Contains(u))];
        }

        return [.. rest, .. alone];
    }

    private void Alone(WriteUnit unit)
    {
        WriteUnit[] one = [unit];
        for (var attempt = 1; ; attempt++)
        {
            var outcome = Try(one);
            var again = !outcome.Committed && (outcome.Failed.Count == 0 || outcome.Failed[0].Late);
            if (!again || (attempt >= Attempts && outcome.Failed.Count > 0))
            {
                Tell(one, outcome);
                return;
            }

            if (attempt >= Attempts)
            {
                unit.Fail(new RefusalException(Refusal.StorageUnavailable, "other servers changed the same rows at the same time"));
                return;
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

        if (outcome.Failed.Any(f => f.Late))
        {
            _loaded = null;
        }

        return outcome;
    }

    private static void Tell(IReadOnlyList<WriteUnit> units, BatchOutcome outcome)
    {
        foreach (var (unit, exception, _) in outcome.Failed)
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
