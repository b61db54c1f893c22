using System.Text.Json;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Requests;

/// <summary>Ends requests nobody decided in time. Their places in the queue become free; the same request may be sent again.</summary>
internal sealed class RequestExpiry(Database db, RequestLedger ledger, AuditTrail audit, CountersignOptions options, TimeProvider time, ILogger<RequestExpiry> log)
    : RepeatedWork(time, TimeSpan.FromHours(1), log)
{
    private const int Batch = 200;

    protected override Task Turn(CancellationToken ct) => EndLate(ct);

    internal async Task EndLate(CancellationToken ct)
    {
        var before = Time.GetUtcNow().AddDays(-options.Limits.RequestDays);
        while (true)
        {
            var late = await db.ReadList<Late>($"SELECT id, organisation_id, door, received_at FROM requests WHERE state = 'Queued' AND received_at < {before} LIMIT {Batch}", ct);
            foreach (var request in late)
                await End(request, ct);
            if (late.Count < Batch)
                return;
        }
    }

    private async Task End(Late request, CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        var reason = $"nobody decided within {options.Limits.RequestDays} days";
        var unit = new WriteUnit();
        unit.Add($"UPDATE requests SET state = 'Expired', reason = {reason}, decided_by = {Actor.System.Id}, decided_by_name = {Actor.System.Name}, decided_at = {now} WHERE id = {request.Id} AND state = 'Queued'",
            expect: 1, orElse: () => new RefusalException(Refusal.AlreadyDecided, "somebody decided it at the last moment"));
        RequestLedger.LeavePlace(unit, request.OrganisationId, request.Door);
        audit.Append(unit, new AuditEntry(request.OrganisationId, Actor.System, "request.expire", "request", request.Id,
            JsonSerializer.Serialize(new { receivedAt = DateTimeOffset.FromUnixTimeMilliseconds(request.ReceivedAt) })));
        try
        {
            await db.Write(unit, ct);
            ledger.Changed(request.OrganisationId);
        }
        catch (RefusalException decided) when (decided.Code == Refusal.AlreadyDecided)
        {
            // It is no longer late.
        }
    }

    private sealed record Late(string Id, string OrganisationId, string Door, long ReceivedAt);
}
