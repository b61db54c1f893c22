using Countersign.Pki.Crl;
using Countersign.Server.Storage;

namespace Countersign.Server.Certificates;

/// <summary>A revoked serial number as a CRL lists it.</summary>
internal sealed record RevokedSerial(byte[] Serial, long RevokedAt, long Reason);

/// <summary>What an OCSP answer says of a certificate.</summary>
internal sealed record IssuedStatus(string State, long? RevokedAt, long? RevocationReason);

/// <summary>A certificate that stops, for the list to be confirmed.</summary>
internal sealed record AffectedCertificate(string Id, string Subject, string Serial);

/// <summary>Who holds certificates of one generation, and who of them has one of a newer generation.</summary>
internal sealed record HolderCount(long Total, long Moved);

/// <summary>The inventory as an authority sees it: what was issued under it, and what of that is revoked.</summary>
internal sealed class IssuedUnder(Database database, TimeProvider time)
{
    private const int Batch = 500;

    /// <summary>Raised with every revocation of an authority, by any server; authorities without one are not listed.</summary>
    internal async Task<IReadOnlyDictionary<string, long>> Changes(CancellationToken ct) =>
        (await database.ReadList<ChangeRow>($"SELECT authority_id, changes FROM revocation_changes", ct)).ToDictionary(r => r.AuthorityId, r => r.Changes);

    /// <summary>Everything a full CRL lists, by serial.</summary>
    internal IAsyncEnumerable<RevokedSerial> Revoked(string authorityId, CancellationToken ct) =>
        database.Stream<RevokedSerial>($"SELECT serial, revoked_at, reason FROM revocations WHERE authority_id = {authorityId} ORDER BY serial", ct);

    /// <summary>Null for a serial number never issued here nor revoked where the authority came from.</summary>
    internal async Task<IssuedStatus?> Status(string authorityId, string serialHex, CancellationToken ct) =>
        await database.ReadOne<IssuedStatus>($"SELECT state, revoked_at, revocation_reason FROM certificates WHERE serial = {serialHex} AND authority_id = {authorityId}", ct)
        ?? await database.ReadOne<IssuedStatus>(
            $"""
            SELECT 'Revoked' AS state, revoked_at, reason AS revocation_reason FROM revocations
            WHERE authority_id = {authorityId} AND serial = {Convert.FromHexString(serialHex).AsSpan().TrimStart((byte)0).ToArray()}
            """,
            ct);

    /// <summary>Adds to a unit what an imported authority had revoked elsewhere: certificates that are not in the inventory.</summary>
    internal static void TakeOver(WriteUnit unit, string organisationId, string authorityId, IReadOnlyList<CrlEntry> entries)
    {
        foreach (var entry in entries)
        {
            unit.Add(
                $"""
                INSERT INTO revocations (organisation_id, authority_id, serial, revoked_at, reason, certificate_id)
                VALUES ({organisationId}, {authorityId}, {entry.Serial}, {entry.RevokedAt}, {(long)entry.Reason}, '') ON CONFLICT (authority_id, serial) DO NOTHING
                """);
        }

        unit.Add($"INSERT INTO revocation_changes (organisation_id, authority_id, changes) VALUES ({organisationId}, {authorityId}, 1) ON CONFLICT (authority_id) DO NOTHING");
    }

    /// <summary>Certificates that work now and were signed by one of these.</summary>
    internal async Task<long> CountActive(IReadOnlyList<string> authorityIds, CancellationToken ct) =>
        await database.ReadOne<long>(
            $"SELECT count(*) FROM certificates WHERE authority_id IN {Sql.List(authorityIds)} AND state <> 'Revoked' AND not_after >= {time.GetUtcNow()}", ct);

    internal Task<IReadOnlyList<AffectedCertificate>> SomeActive(IReadOnlyList<string> authorityIds, int most, CancellationToken ct) =>
        database.ReadList<AffectedCertificate>(
            $"""
            SELECT id, subject, serial FROM certificates
            WHERE authority_id IN {Sql.List(authorityIds)} AND state <> 'Revoked' AND not_after >= {time.GetUtcNow()} ORDER BY id LIMIT {most}
            """,
            ct);

    /// <summary>
    /// Holders of certificates of an authority, known by what stands in the certificate (the names where there is no subject): those that work now,
    /// and those revoked since the newer authority took over. One has moved when the same name has a working certificate of a newer authority, or
    /// nothing that works is left to move.
    /// </summary>
    internal async Task<HolderCount> Holders(string authorityId, IReadOnlyList<string> newer, DateTimeOffset since, CancellationToken ct) =>
        await database.ReadOne<HolderCount>(
            $"""
            SELECT count(*) AS total, coalesce(sum(moved), 0) AS moved FROM (
              SELECT CASE WHEN working = 0 OR holder IN ({Working(newer)}) THEN 1 ELSE 0 END AS moved FROM (
                SELECT CASE WHEN subject = '' THEN sans ELSE subject END AS holder, max(CASE WHEN state <> 'Revoked' THEN 1 ELSE 0 END) AS working
                FROM certificates
                WHERE authority_id = {authorityId} AND (state <> 'Revoked' OR revoked_at >= {since}) AND not_after >= {time.GetUtcNow()}
                GROUP BY CASE WHEN subject = '' THEN sans ELSE subject END) AS held) AS counted
            """,
            ct) ?? new HolderCount(0, 0);

    /// <summary>Some of the working certificates whose holders have not moved.</summary>
    internal Task<IReadOnlyList<CertificateRow>> NotMoved(string authorityId, IReadOnlyList<string> newer, int most, CancellationToken ct) =>
        database.ReadList<CertificateRow>(
            $"""
            SELECT {CertificateRow.Columns} FROM certificates
            WHERE authority_id = {authorityId} AND state <> 'Revoked' AND not_after >= {time.GetUtcNow()}
              AND CASE WHEN subject = '' THEN sans ELSE subject END NOT IN ({Working(newer)})
            ORDER BY id LIMIT {most}
            """,
            ct);

    /// <summary>
    /// Marks what is left of an authority that lost its trust as revoked, a batch at a time, so that CRLs and those who read them learn it too.
    /// Can be stopped and taken up again at any point; says how many were marked.
    /// </summary>
    internal async Task<long> RevokeRest(string organisationId, string authorityId, DateTimeOffset at, RevocationReason reason, string comment, CancellationToken ct)
    {
        long marked = 0;
        while (true)
        {
            var rows = await database.ReadList<AffectedCertificate>(
                $"SELECT id, subject, serial FROM certificates WHERE authority_id = {authorityId} AND state <> 'Revoked' AND not_after >= {time.GetUtcNow()} LIMIT {Batch}", ct);
            if (rows.Count == 0)
            {
                return marked;
            }

            await database.Write(RevokeBatch(organisationId, authorityId, rows, at, reason, comment), ct);
            marked += rows.Count;
        }
    }

    private static WriteUnit RevokeBatch(
        string organisationId, string authorityId, IReadOnlyList<AffectedCertificate> rows, DateTimeOffset at, RevocationReason reason, string comment)
    {
        var unit = new WriteUnit();
        foreach (var row in rows)
        {
            unit.Add(
                $"""
                UPDATE certificates SET state = 'Revoked', revoked_at = {at}, revocation_reason = {(long)reason}, revoked_by = 'Countersign', revocation_comment = {comment}
                WHERE id = {row.Id} AND state <> 'Revoked'
                """);
            unit.Add(
                $"""
                INSERT INTO revocations (organisation_id, authority_id, serial, revoked_at, reason, certificate_id)
                VALUES ({organisationId}, {authorityId}, {Convert.FromHexString(row.Serial)}, {at}, {(long)reason}, {row.Id}) ON CONFLICT (authority_id, serial) DO NOTHING
                """);
        }

        unit.Add(
            $"""
            INSERT INTO revocation_changes (organisation_id, authority_id, changes) VALUES ({organisationId}, {authorityId}, 1)
            ON CONFLICT (authority_id) DO UPDATE SET changes = revocation_changes.changes + 1
            """);
        return unit;
    }

    private Sql Working(IReadOnlyList<string> authorityIds) =>
        $"""
        SELECT CASE WHEN subject = '' THEN sans ELSE subject END FROM certificates
        WHERE authority_id IN {Sql.List(authorityIds)} AND state <> 'Revoked' AND not_after >= {time.GetUtcNow()}
        """;

    private sealed record ChangeRow(string AuthorityId, long Changes);
}
