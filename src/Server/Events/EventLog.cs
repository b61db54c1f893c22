using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Events.Alerts;
using Countersign.Server.Storage;

namespace Countersign.Server.Events;

/// <summary>
/// What happened or is about to happen that a person should know of. The audit trail says who did what; an event says what needs somebody. Raised in the
/// transaction of what it tells about, by any feature.
/// </summary>
internal sealed class EventLog(Database database, AuditTrail audit, TimeProvider clock, RandomNumberGenerator random)
{
    public const int LargestPage = 500;

    /// <summary>Part of a transaction. With <see cref="NewEvent.Once"/> nothing is written where the same event is there already.</summary>
    public void Raise(WriteUnit unit, NewEvent told) => Raise(unit, told, Sql.Raw("1 = 1"));

    /// <summary>The same, unless <paramref name="condition"/> does not hold when it is written.</summary>
    internal void Raise(WriteUnit unit, NewEvent told, Sql condition)
    {
        var id = Ids.New(clock, random);
        var (once, now) = (told.Once ?? id, clock.GetUtcNow());
        unit.Add(
            $"""
             INSERT INTO events (id, organisation_id, at, severity, kind, object_kind, object_id, object_name, parameters, dedupe)
             SELECT {id}, {told.OrganisationId}, {now}, {told.Severity}, {told.Kind}, {told.ObjectKind}, {told.ObjectId}, {Short(told.ObjectName)},
                    {JsonSerializer.Serialize(told.Parameters)}, {once}
             WHERE {condition} ON CONFLICT (organisation_id, dedupe) DO NOTHING
             """);
        Outbox.Add(unit, id, now);
    }

    /// <summary>Newest first.</summary>
    /// <param name="after">The id of the last event seen.</param>
    public Task<IReadOnlyList<EventRow>> List(string organisationId, EventFilter filter, string? after, int limit, CancellationToken ct)
    {
        var conditions = new List<Sql> { $"organisation_id = {organisationId}" };
        if (filter.Severity is { } severity)
            conditions.Add($"severity = {severity}");
        if (filter.Kind is { Length: > 0 } kind)
            conditions.Add($"kind = {kind}");
        if (filter.ObjectKind is { Length: > 0 } objectKind)
            conditions.Add($"object_kind = {objectKind}");
        if (filter.ObjectId is { Length: > 0 } objectId)
            conditions.Add($"object_id = {objectId}");
        if (filter.Acknowledged is { } acknowledged)
            conditions.Add(Sql.Raw(acknowledged ? "acknowledged_at IS NOT NULL" : "acknowledged_at IS NULL"));
        if (after is { Length: > 0 })
            conditions.Add($"id < {after}");
        return database.ReadList<EventRow>(
            $"SELECT {EventRow.Columns} FROM events WHERE {Sql.Join(" AND ", conditions)} ORDER BY id DESC LIMIT {Math.Clamp(limit, 1, LargestPage)}", ct);
    }

    /// <summary>How many nobody has acknowledged.</summary>
    public Task<long> Open(string organisationId, CancellationToken ct) =>
        database.ReadOne<long>($"SELECT count(*) FROM events WHERE organisation_id = {organisationId} AND acknowledged_at IS NULL", ct);

    /// <summary>Says that these are known. Those that were acknowledged before keep who did it first.</summary>
    /// <exception cref="RefusalException">not_found, malformed</exception>
    public async Task<IReadOnlyList<EventRow>> Acknowledge(string organisationId, IReadOnlyList<string> ids, Actor actor, CancellationToken ct)
    {
        string[] wanted = [.. ids.Distinct(StringComparer.Ordinal)];
        if (wanted.Length is 0 or > LargestPage)
            throw new RefusalException(Refusal.Malformed, $"1 to {LargestPage} events are acknowledged at once");
        var rows = await Named(organisationId, wanted, ct);
        if (rows.Count < wanted.Length)
            throw new RefusalException(Refusal.NotFound, $"event {wanted.Except(rows.Select(r => r.Id), StringComparer.Ordinal).First()}");
        string[] open = [.. rows.Where(r => r.AcknowledgedAt is null).Select(r => r.Id)];
        if (open.Length == 0)
            return rows;

        var unit = new WriteUnit();
        unit.Add(
            $"""
             UPDATE events SET acknowledged_at = {clock.GetUtcNow()}, acknowledged_by = {actor.Name}
             WHERE organisation_id = {organisationId} AND acknowledged_at IS NULL AND id IN {Sql.List(open)}
             """);
        foreach (var row in rows.Where(r => r.AcknowledgedAt is null))
        {
            audit.Append(unit, new AuditEntry(organisationId, actor, "event.acknowledge", "event", row.Id, JsonSerializer.Serialize(new { kind = row.Kind, about = row.ObjectName })));
        }

        await database.Write(unit, ct);
        return await Named(organisationId, wanted, ct);
    }

    /// <summary>Those with these ids, newest first.</summary>
    internal Task<IReadOnlyList<EventRow>> Named(string organisationId, IReadOnlyList<string> ids, CancellationToken ct) =>
        database.ReadList<EventRow>($"SELECT {EventRow.Columns} FROM events WHERE organisation_id = {organisationId} AND id IN {Sql.List(ids)} ORDER BY id DESC", ct);

    // Names come from certificates, and those may be long.
    private static string Short(string name) => name.Length <= 200 ? name : string.Concat(name.AsSpan(0, 199), "…");
}
