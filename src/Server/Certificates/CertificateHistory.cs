using Countersign.Contracts;
using Countersign.Server.Storage;

namespace Countersign.Server.Certificates;

/// <summary>What happened to a certificate and to the request it came from, oldest first: read out of the audit trail.</summary>
internal sealed class CertificateHistory(Database db)
{
    public async Task<IReadOnlyList<HistoryView>> Of(CertificateRow row, CancellationToken ct)
    {
        var rows = await db.ReadList<Entry>($"""
            SELECT at, action, actor_kind, actor_id, actor_name FROM audit
            WHERE organisation_id = {row.OrganisationId} AND object_id IN ({row.Id}, {row.RequestId}) ORDER BY at LIMIT 200
            """, ct);
        return [.. rows.Select(e => new HistoryView
        {
            At = DateTimeOffset.FromUnixTimeMilliseconds(e.At),
            Action = e.Action,
            By = new ActorView { Kind = e.ActorKind, Id = e.ActorId, Name = e.ActorName },
        })];
    }

    private sealed class Entry
    {
        public long At { get; init; }
        public required string Action { get; init; }
        public required string ActorKind { get; init; }
        public required string ActorId { get; init; }
        public required string ActorName { get; init; }
    }
}
