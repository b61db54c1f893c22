namespace Countersign.Server.Storage;

/// <summary>
/// What one caller wants written: all of it or nothing. Units of many callers share one durable transaction; a unit that cannot be
/// written fails alone. Decide with conditional statements and an expected count, never by reading first.
/// </summary>
internal sealed class WriteUnit
{
    private const int Fresh = 0;
    private const int Waiting = 1;
    private const int Started = 2;
    private const int Withdrawn = 3;

    private readonly List<WriteStep> _steps = new(4);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    internal IReadOnlyList<WriteStep> Steps => _steps;

    internal Task Done => _done.Task;

    /// <summary>A statement whose number of changed rows does not matter.</summary>
    public void Add(Sql sql) => _steps.Add(new WriteStep(sql, null, -1, null));

    /// <summary>
    /// "INSERT INTO … VALUES ({…}, {…})" of a row that no other statement of this moment asks for: a log record, something new with an id of its own.
    /// A backend may write such rows of many units with one statement, after all the others of the transaction.
    /// </summary>
    public void AddRow(Sql insert) => _steps.Add(new WriteStep(insert, null, -1, null) { IsRow = true });

    /// <summary>A statement that must change exactly <paramref name="expect"/> rows; otherwise nothing of this unit is written and its caller gets the exception.</summary>
    public void Add(Sql sql, int expect, Func<Exception> orElse) => _steps.Add(new WriteStep(sql, null, expect, orElse));

    /// <summary>
    /// As <see cref="AddRow"/>, made when its turn has come inside the transaction, in the order of commits. It may be asked for again when a
    /// transaction is tried again, so it keeps state only through <see cref="CommitHooks"/>.
    /// </summary>
    public void AddLateRow(Func<Sql> atCommit) => _steps.Add(new WriteStep(null, atCommit, -1, null) { IsRow = true });

    internal void Enqueued()
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Fresh) != Fresh)
        {
            throw new InvalidOperationException("A write unit is written once.");
        }
    }

    /// <summary>False when the caller withdrew it while it was waiting.</summary>
    internal bool Start() => Interlocked.CompareExchange(ref _state, Started, Waiting) == Waiting;

    internal void Withdraw(CancellationToken ct)
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) == Waiting)
        {
            _done.TrySetCanceled(ct);
        }
    }

    internal void Succeed() => _done.TrySetResult();

    internal void Fail(Exception exception) => _done.TrySetException(exception);
}

internal readonly record struct WriteStep(Sql? Fixed, Func<Sql>? Late, int Expect, Func<Exception>? OrElse)
{
    public bool IsRow { get; init; }

    public Sql Statement() => Fixed ?? Late!();
}

/// <summary>
/// State kept in memory beside the database (the head of the audit chain) that has to follow the transactions exactly.
/// All three are called by the one writer, never at the same time.
/// </summary>
/// <param name="Load">Read the state again: before the first transaction and after one whose outcome is not known.</param>
/// <param name="Committed">The statements made since the last call are durable.</param>
/// <param name="RolledBack">They are not; forget them.</param>
internal sealed record CommitHooks(Func<CancellationToken, Task> Load, Action Committed, Action RolledBack);
