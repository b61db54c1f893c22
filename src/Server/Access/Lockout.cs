using Countersign.Pki;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>
/// Five wrong attempts close an account for 15 minutes. An attempt is counted before it is checked and given back when it was right,
/// so that many at the same time cannot get more tries than one after the other.
/// </summary>
internal sealed class Lockout(Database database, TimeProvider time)
{
    internal const int Attempts = 5;
    internal static readonly TimeSpan Length = TimeSpan.FromMinutes(15);

    /// <summary>Counts an attempt. Throws locked_out when there are none left.</summary>
    internal Task Count(string administratorId, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)Length.TotalMilliseconds;
        var unit = new WriteUnit();
        unit.Add(
            $"""
             UPDATE administrators
             SET failures = CASE WHEN failures >= {Attempts} THEN 1 ELSE failures + 1 END,
                 locked_until = CASE WHEN failures = {Attempts - 1} THEN {until} ELSE NULL END
             WHERE id = {administratorId} AND (locked_until IS NULL OR locked_until <= {now})
             """,
            1,
            () => new RefusalException(Refusal.LockedOut, $"{Attempts} wrong attempts close the account for {Length.TotalMinutes:0} minutes."));
        return database.Write(unit, ct);
    }

    /// <summary>The attempt was right, but it is not the whole sign-in: it does not count, the wrong ones before it still do.</summary>
    internal static void GiveBack(WriteUnit unit, string administratorId) =>
        unit.Add($"UPDATE administrators SET failures = failures - 1, locked_until = NULL WHERE id = {administratorId} AND failures > 0");

    /// <summary>The sign-in is complete: nothing counts any more.</summary>
    internal static void Clear(WriteUnit unit, string administratorId) =>
        unit.Add($"UPDATE administrators SET failures = 0, locked_until = NULL WHERE id = {administratorId}");
}
