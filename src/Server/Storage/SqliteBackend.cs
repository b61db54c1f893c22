using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Countersign.Pki;
using Countersign.Server.Hosting;
using Microsoft.Data.Sqlite;

#pragma warning disable MA0042 // SQLite reads are calls into the page cache; its asynchronous methods are the synchronous ones

namespace Countersign.Server.Storage;

/// <summary>SQLite in one file: write-ahead log, synchronous=FULL, one writer, readers that never wait for it.</summary>
internal sealed class SqliteBackend(string file, string backups, TimeProvider time) : IBackend
{
    private const int MostReaders = 32;
    private const int IdleReaders = 6;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _readers = new(MostReaders);
    private readonly ConcurrentBag<SqliteReader> _idle = [];
    private readonly Lock _writing = new();
    private SqliteWriter? _writer;
    private bool _disposed;

    public Dialect Dialect => Dialect.Sqlite;

    public async IAsyncEnumerable<T> Stream<T>(Sql sql, [EnumeratorCancellation] CancellationToken ct)
    {
        await _readers.WaitAsync(ct);
        SqliteReader? reader = null;
        var whole = false;
        try
        {
            reader = Guard(() => _idle.TryTake(out var idle) ? idle : new SqliteReader(file, LockWait));
            using var rows = Guard(() => reader.Open(sql));
            var more = Guard(rows.Read);
            if (more)
            {
                var parse = RowReading.Parser<T>(rows);
                for (; more; more = Guard(rows.Read))
                {
                    ct.ThrowIfCancellationRequested();
                    yield return Guard(() => parse(rows));
                }
            }

            whole = true;
        }
        finally
        {
            GiveBack(reader, whole);
        }
    }

    public async Task<T?> First<T>(Sql sql, CancellationToken ct)
    {
        await _readers.WaitAsync(ct);
        SqliteReader? reader = null;
        var whole = false;
        try
        {
            reader = _idle.TryTake(out var idle) ? idle : new SqliteReader(file, LockWait);
            using var rows = reader.Open(sql);
            var first = rows.Read() ? RowReading.Parser<T>(rows)(rows) : default;
            whole = true;
            return first;
        }
        catch (SqliteException e)
        {
            throw SqliteLibrary.Explain(e.SqliteErrorCode, e.Message, e);
        }
        finally
        {
            GiveBack(reader, whole);
        }
    }

    public BatchOutcome Commit(IReadOnlyList<WriteUnit> units)
    {
        lock (_writing)
        {
            try
            {
                Writer().Run("BEGIN IMMEDIATE");
                List<FailedUnit>? failed = null;
                foreach (var unit in units)
                {
                    if (Execute(unit) is not { } failure)
                    {
                        continue;
                    }

                    (failed ??= []).Add(failure.Unit);
                    if (failure.Changed)
                    {
                        _writer!.Rollback();
                        return new BatchOutcome(false, failed);
                    }
                }

                _writer!.Run("COMMIT");
                return failed is null ? BatchOutcome.AllWritten : new BatchOutcome(true, failed);
            }
            catch (RefusalException)
            {
                Abandon();
                throw;
            }
        }
    }

    public Task ExecuteScript(string script, Sql? bookkeeping, CancellationToken ct)
    {
        lock (_writing)
        {
            var writer = Writer();
            writer.Run("BEGIN IMMEDIATE");
            try
            {
                if (bookkeeping is not null)
                {
                    _ = writer.Execute(bookkeeping);
                }

                writer.Run(script);
                writer.Run("COMMIT");
            }
            catch
            {
                writer.Rollback();
                throw;
            }
        }

        return Task.CompletedTask;
    }

    public Task<string?> CopyBeforeMigration(string label, CancellationToken ct)
    {
        PrivateFiles.CreateFolder(backups);
        var copy = Path.Combine(backups, $"{label}-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}.db");
        for (var number = 2; File.Exists(copy); number++)
        {
            copy = Path.Combine(backups, $"{label}-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{number}.db");
        }

        CopyTo(copy);
        return Task.FromResult<string?>(copy);
    }

    /// <summary>A consistent copy of the whole file, made through a reader while the server works.</summary>
    public void CopyTo(string target)
    {
        Touch(target, FileMode.CreateNew);      // SQLite fills an empty file, and ours has the right mode from the start
        using var reader = Guard(() => new SqliteReader(file, LockWait));
        Guard(() =>
        {
            reader.CopyTo(target);
            return true;
        });
    }

    public ValueTask DisposeAsync()
    {
        lock (_writing)
        {
            _disposed = true;
            _writer?.Dispose();
            _writer = null;
        }

        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private SqliteWriter Writer()
    {
        if (_writer is null)
        {
            if (!File.Exists(file))
            {
                Touch(file, FileMode.OpenOrCreate);     // SQLite gives its other files the mode of this one
            }

            _writer = new SqliteWriter(file, LockWait);
        }

        return _writer;
    }

    private static void Touch(string path, FileMode mode) =>
        new FileStream(path, new FileStreamOptions { Mode = mode, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }).Dispose();

    private static TResult Guard<TResult>(Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException e)
        {
            throw SqliteLibrary.Explain(e.SqliteErrorCode, e.Message, e);
        }
    }

    /// <summary>Null when every step did what it should; otherwise why not, and whether an earlier step of the unit had already changed something.</summary>
    private (FailedUnit Unit, bool Changed)? Execute(WriteUnit unit)
    {
        var changed = false;
        foreach (var step in unit.Steps)
        {
            try
            {
                changed |= step.Late is not null;   // a late step has moved its own state
                var rows = _writer!.Execute(step.Statement());
                if (step.Expect >= 0 && rows != step.Expect)
                {
                    return (new FailedUnit(unit, step.OrElse!()), changed || rows > 0);
                }

                changed |= rows > 0;
            }
            catch (Exception e) when (e is not RefusalException { Code: Refusal.StorageUnavailable })
            {
                return (new FailedUnit(unit, e, step.Late is not null), changed);
            }
        }

        return null;
    }

    /// <summary>After a fault nothing of the connection is trusted: the next write opens a new one.</summary>
    private void Abandon()
    {
        try
        {
            _writer?.Rollback();
        }
        catch (RefusalException)
        {
            // closing rolls back as well
        }

        _writer?.Dispose();
        _writer = null;
    }

    private void GiveBack(SqliteReader? reader, bool whole)
    {
        if (reader is not null)
        {
            if (whole && !_disposed && _idle.Count < IdleReaders)
            {
                _idle.Add(reader);
            }
            else
            {
                reader.Dispose();
            }
        }

        _readers.Release();
    }
}
