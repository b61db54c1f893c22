using System.Text.Json;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Storage;

namespace Countersign.Server.Requests;

/// <summary>Counts the officers who said yes to the very same names of one request.</summary>
internal sealed class FourEyes(Database db, RequestQueue queue, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Records this officer's yes and returns how many there are now. An officer who looks again and changes the names counts for the new ones only.</summary>
    public async Task<int> Count(RequestRow row, Actor officer, string identityCheck, byte[] namesSha256, CancellationToken ct)
    {
        var person = Person(officer);
        var unit = new WriteUnit();
        unit.Add($"DELETE FROM approvals WHERE request_id = {row.Id} AND approver_id = {person}");
        unit.Add($"""
            INSERT INTO approvals (organisation_id, request_id, approver_id, approver_name, names_sha256, identity_check, approved_at)
            VALUES ({row.OrganisationId}, {row.Id}, {person}, {officer.Name}, {namesSha256}, {identityCheck}, {clock.GetUtcNow()})
            """);
        audit.Append(unit, new AuditEntry(row.OrganisationId, officer, "request.approve.count", "request", row.Id, JsonSerializer.Serialize(new { identityCheck })));
        await db.Write(unit, ct);
        return (await queue.Approvals(row.OrganisationId, row.Id, ct)).Count(a => a.NamesSha256.AsSpan().SequenceEqual(namesSha256));
    }

    /// <summary>An administrator with a session and two tokens is one person.</summary>
    private static string Person(Actor officer) => officer.AdministratorId ?? officer.Id;
}
