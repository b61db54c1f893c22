using Countersign.Pki.Crl;
using Countersign.Pki.Signing;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>
/// The revocation lists of a root. Its key is open only during an act, so in each act the lists of the time to come are signed as well, one a
/// month and none further than 13 months; the publisher brings out each when its time has come. A later act makes new ones with higher numbers
/// and drops the rest. Why, and what somebody could do with a list that was kept: docs/adr/0010.
/// </summary>
internal sealed class RootLists(Database database, TimeProvider time)
{
    private const int MostAhead = 12;
    private static readonly TimeSpan Step = TimeSpan.FromDays(30);
    private static readonly TimeSpan Life = TimeSpan.FromDays(60);

    /// <summary>Signs the list for now and those ahead.</summary>
    /// <param name="revoked">Certificates of authorities under this root that are to be refused.</param>
    /// <param name="firstNumber">Used when this root has published nothing here before.</param>
    internal async Task Sign(
        WriteUnit unit, string organisationId, string rootId, IssuerFacts root, ISigningKey key, IReadOnlyList<CrlEntry> revoked, long firstNumber, CancellationToken ct)
    {
        var last = await database.ReadOne<LastList>(
            $"""
            SELECT coalesce(max(number), 0) AS number, coalesce(max(published), 0) AS published, coalesce(min(changes), 0) AS changes FROM (
              SELECT number, this_update AS published, changes FROM crls WHERE authority_id = {rootId}
              UNION ALL SELECT number, 0 AS published, 0 AS changes FROM crls_ahead WHERE authority_id = {rootId}) AS lists
            """,
            ct) ?? new LastList(0, 0, 0);
        var number = last switch
        {
            { Number: 0 } => firstNumber,
            { Changes: RestoredData.FromBackup } => await RestoredData.Above(database, last.Number, ct),
            _ => last.Number + 1,
        };
        var now = time.GetUtcNow();
        var start = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(now.ToUnixTimeMilliseconds(), last.Published));

        unit.Add($"DELETE FROM crls_ahead WHERE authority_id = {rootId}");
        CrlShelf.Publish(unit, new CrlInForce(rootId, number, start, start + Life, 0, List(root, key, revoked, number, start)), organisationId);
        for (var i = 1; i < MostAhead && start + (Step * i) < root.Certificate.NotAfter; i++)
        {
            var from = start + (Step * i);
            unit.Add(
                $"""
                INSERT INTO crls_ahead (authority_id, organisation_id, number, this_update, next_update, der)
                VALUES ({rootId}, {organisationId}, {number + i}, {from}, {from + Life}, {List(root, key, revoked, number + i, from)})
                """);
        }
    }

    /// <summary>Until when there are lists; null if there never was one.</summary>
    internal async Task<DateTimeOffset?> Until(string rootId, CancellationToken ct) =>
        await database.ReadOne<long?>(
            $"""
            SELECT max(next_update) FROM (
              SELECT next_update FROM crls WHERE authority_id = {rootId} UNION ALL SELECT next_update FROM crls_ahead WHERE authority_id = {rootId}) AS lists
            """,
            ct) is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null;

    private static byte[] List(IssuerFacts root, ISigningKey key, IReadOnlyList<CrlEntry> revoked, long number, DateTimeOffset from)
    {
        using var writer = new CrlWriter(Addresses.ListFacts(root, imported: false), number, from, from + Life);
        foreach (var entry in revoked)
        {
            writer.Add(entry.Serial, entry.RevokedAt, entry.Reason);
        }

        return writer.Sign(key);
    }

    private sealed record LastList(long Number, long Published, long Changes);
}
