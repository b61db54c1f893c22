using Countersign.Pki;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>
/// Five wrong attempts close an account for 15 minutes. An attempt is counted before it is checked and given back when it was right,
/// so that many at the same time cannot get more tries than one after the other. Names nobody has are counted in the same way, with a write
/// like the other: neither answer nor time tells which names exist.
/// </summary>
internal sealed class Lockout(Database database, Sealing sealing, TimeProvider time, ILogger<Lockout> log) : RepeatedWork(time, TimeSpan.FromSeconds(10), log)
{
    internal const int Attempts = 5;

    /// <summary>Names nobody has that are remembered; the oldest are forgotten first.</summary>
    internal const int MostUnknown = 10_000;

    internal static readonly TimeSpan Length = TimeSpan.FromMinutes(15);

    /// <summary>Counts an attempt. Throws locked_out when there are none left.</summary>
    internal Task Count(string administratorId, CancellationToken ct)
    {
        var (now, until) = Now();
        var unit = new WriteUnit();
        unit.Add(
            $"""
             UPDATE administrators
             SET failures = CASE WHEN failures >= {Attempts} THEN 1 ELSE failures + 1 END,
                 locked_until = CASE WHEN failures = {Attempts - 1} THEN {until} ELSE NULL END
             WHERE id = {administratorId} AND (locked_until IS NULL OR locked_until <= {now})
             """,
            1,
            LockedOut);
        return database.Write(unit, ct);
    }

    /// <summary>The same for a name no account in use has.</summary>
    internal Task CountUnknown(string nameKey, CancellationToken ct)
    {
        var (now, until) = Now();
        var unit = new WriteUnit();
        unit.Add(
            $"""
             INSERT INTO unknown_names (name_tag, failures, counted_at) VALUES ({sealing.Tag("sign-in-name", nameKey)}, 1, {now})
             ON CONFLICT (name_tag) DO UPDATE
             SET failures = CASE WHEN unknown_names.failures >= {Attempts} THEN 1 ELSE unknown_names.failures + 1 END,
                 locked_until = CASE WHEN unknown_names.failures = {Attempts - 1} THEN {until} ELSE NULL END,
                 counted_at = {now}
             WHERE unknown_names.locked_until IS NULL OR unknown_names.locked_until <= {now}
             """,
            1,
            LockedOut);
        return database.Write(unit, ct);
    }

    /// <summary>The attempt was right, but it is not the whole sign-in: it does not count, the wrong ones before it still do.</summary>
    internal static void GiveBack(WriteUnit unit, string administratorId) =>
        unit.Add($"UPDATE administrators SET failures = failures - 1, locked_until = NULL WHERE id = {administratorId} AND failures > 0");

    /// <summary>The sign-in is complete: nothing counts any more.</summary>
    internal static void Clear(WriteUnit unit, string administratorId) =>
        unit.Add($"UPDATE administrators SET failures = 0, locked_until = NULL WHERE id = {administratorId}");

    protected override async Task Turn(CancellationToken ct)
    {
        var tooMany = await database.ReadOne<long>($"SELECT count(*) FROM unknown_names", ct) - MostUnknown;
        if (tooMany > 0)
        {
            await database.Write($"DELETE FROM unknown_names WHERE name_tag IN (SELECT name_tag FROM unknown_names ORDER BY counted_at LIMIT {tooMany})", ct);
        }
    }

    private (long Now, long Until) Now()
    {
        var now = Time.GetUtcNow().ToUnixTimeMilliseconds();
        return (now, now + (long)Length.TotalMilliseconds);
    }

    private static RefusalException LockedOut() => new(Refusal.LockedOut, $"{Attempts} wrong attempts close the account for {Length.TotalMinutes:0} minutes.");
}
