using System.Text.Json;
using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Requests;
using Countersign.Server.Storage;

namespace Countersign.Server.Certificates;

/// <summary>Revoking for good. CRL and OCSP of every server on this database, this one among them, hear of it through revocation_changes.</summary>
internal sealed class Revocation(Database db, Inventory inventory, AuditTrail audit, TimeProvider clock)
{
    public async Task<CertificateRow> Revoke(string organisationId, string certificateId, RevocationReason reason, string? comment, Actor actor, CancellationToken ct, DecisionKey? key = null)
    {
        if (!RevocationReasons.Offered.Contains(reason))
            throw new RefusalException(Refusal.NotReversible, $"{reason.Name()} is not offered: a revocation is for good");
        var row = await inventory.Get(organisationId, certificateId, ct);
        if (row.State == "Revoked")
            throw AlreadyRevoked(row);
        var now = clock.GetUtcNow();
        var serial = Convert.FromHexString(row.Serial);
        var unit = new WriteUnit();
        unit.Add($"""
            UPDATE certificates SET state = 'Revoked', revoked_at = {now}, revocation_reason = {(long)reason}, revoked_by = {actor.Name}, revocation_comment = {comment}
            WHERE id = {row.Id} AND organisation_id = {organisationId} AND state <> 'Revoked'
            """, expect: 1, orElse: () => AlreadyRevoked(row));
        unit.Add($"""
            INSERT INTO revocations (organisation_id, authority_id, serial, revoked_at, reason, certificate_id)
            VALUES ({organisationId}, {row.AuthorityId}, {serial}, {now}, {(long)reason}, {row.Id})
            """);
        unit.Add($"""
            INSERT INTO revocation_changes (organisation_id, authority_id, changes) VALUES ({organisationId}, {row.AuthorityId}, 1)
            ON CONFLICT (authority_id) DO UPDATE SET changes = revocation_changes.changes + 1
            """);
        key?.Add(unit, now);
        if (reason == RevocationReason.KeyCompromise)
        {
            // Kept with the rejected keys: the one place every door looks at anyway.
            unit.Add($"""
                INSERT INTO rejected_keys (organisation_id, spki_sha256, request_id, certificate_id)
                SELECT organisation_id, spki_sha256, request_id, id FROM certificates WHERE id = {row.Id}
                ON CONFLICT (organisation_id, spki_sha256) DO UPDATE SET certificate_id = excluded.certificate_id
                """);
        }
        audit.Append(unit, new AuditEntry(organisationId, actor, "certificate.revoke", "certificate", row.Id,
            JsonSerializer.Serialize(new { serial = row.Serial, reason = reason.Name(), comment })));
        await db.Write(unit, ct);
        return await inventory.Get(organisationId, row.Id, ct);
    }

    /// <summary>There is no way back (RFC 5280 section 5.3.1 knows only certificateHold, which is not used).</summary>
    public async Task Unrevoke(string organisationId, string certificateId, CancellationToken ct)
    {
        var row = await inventory.Get(organisationId, certificateId, ct);
        throw new RefusalException(Refusal.NotReversible, $"certificate {row.Id} is {row.State}; a revocation stays, issue a new certificate instead");
    }

    private static RefusalException AlreadyRevoked(CertificateRow row) =>
        new(Refusal.AlreadyRevoked, row.RevokedAt is { } at
            ? $"certificate {row.Id} was revoked at {DateTimeOffset.FromUnixTimeMilliseconds(at):yyyy-MM-dd HH:mm:ss} UTC with reason {((RevocationReason)(row.RevocationReason ?? 0)).Name()}"
            : $"certificate {row.Id} was revoked a moment ago");
}
