using System.Globalization;
using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Events.Alerts;

/// <summary>
/// What waits to be sent. A row is written with its event, leased by one server at a time, tried again with growing pauses for as long as it takes, and gone
/// when the other side took it. When nothing got through for a day, that is an event of its own: it goes to the other rules, never to the one that failed.
/// </summary>
internal sealed class Outbox(Database database, EventLog log, EventText text, AlertSender sender, TimeProvider time, RandomNumberGenerator random, ILogger<Outbox> logger)
    : RepeatedWork(time, Every, logger)
{
    private const int AtOnce = 20;
    private const int DigestAtOnce = 500;
    private const int RulesAtOnce = 50;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);    // longer than all that is sent under one lease can take
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);   // a target that is slow goes on in the next turn, with all others
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan Undelivered = TimeSpan.FromDays(1);

    /// <summary>Part of the transaction that raises an event: a row for each rule it fits. Nothing where the event was there already.</summary>
    internal static void Add(WriteUnit unit, string eventId, DateTimeOffset now)
    {
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1);
        var day = new DateTimeOffset(now.Year, now.Month, now.Day, 0, 0, 0, TimeSpan.Zero).AddDays(1);
        unit.Add(
            $"""
             INSERT INTO deliveries (organisation_id, rule_id, event_id, due_at, attempts)
             SELECT e.organisation_id, r.id, e.id, CASE r.rhythm WHEN 'Hourly' THEN {hour} WHEN 'Daily' THEN {day} ELSE {now} END, 0
             FROM events e JOIN alert_rules r ON r.organisation_id = e.organisation_id
             WHERE e.id = {eventId} AND r.enabled = 1 AND (r.muted_until IS NULL OR r.muted_until <= {now})
               AND (r.least = 'Warning' OR r.least = e.severity OR (r.least = 'Minor' AND e.severity = 'Major'))
               AND (r.kinds = '' OR ' ' || r.kinds || ' ' LIKE '% ' || e.kind || ' %')
               AND NOT (e.object_kind = 'alert' AND e.object_id = r.id)
             """);
    }

    protected override async Task Turn(CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        var due = await database.ReadList<AlertRow>(
            $"""
             SELECT {AlertRow.Columns} FROM alert_rules r
             WHERE (r.muted_until IS NULL OR r.muted_until <= {now})
               AND r.id IN (SELECT rule_id FROM deliveries WHERE due_at <= {now} AND (leased_until IS NULL OR leased_until < {now})) ORDER BY r.id LIMIT {RulesAtOnce}
             """,
            ct);

        // One slow target does not hold up the others.
        await Task.WhenAll(due.Select(rule => Deliver(rule, ct)));
    }

    private async Task Deliver(AlertRow rule, CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        var lease = Ids.New(Time, random);
        Sql free = $"rule_id = {rule.Id} AND due_at <= {now} AND (leased_until IS NULL OR leased_until < {now})";
        await database.Write(
            $"""
             UPDATE deliveries SET lease = {lease}, leased_until = {now + Lease}
             WHERE {free} AND event_id IN (SELECT event_id FROM deliveries WHERE {free} ORDER BY event_id LIMIT {(rule.IsDigest ? DigestAtOnce : AtOnce)})
             """,
            ct);
        var rows = await database.ReadList<EventRow>(
            $"SELECT {EventRow.Columns} FROM events WHERE id IN (SELECT event_id FROM deliveries WHERE lease = {lease}) ORDER BY id", ct);
        EventView[] told = [.. rows.Select(text.View)];
        IReadOnlyList<EventView[]> parcels = rule.IsDigest && told.Length > 0 ? [told] : [.. told.Select(e => new[] { e })];
        foreach (var parcel in parcels)
        {
            if (await sender.Try(rule, parcel, ct) is { } problem)
            {
                await Failed(rule, lease, problem, ct);
                return;
            }

            await Delivered(rule, lease, parcel);
            if (Time.GetUtcNow() - now > Enough)
            {
                await database.Write($"UPDATE deliveries SET lease = NULL, leased_until = NULL WHERE rule_id = {rule.Id} AND lease = {lease}", ct);
                return;
            }
        }
    }

    // Once sent it is written down even if the server is just stopping: otherwise it would be sent again.
    private Task Delivered(AlertRow rule, string lease, EventView[] parcel)
    {
        var unit = new WriteUnit();
        unit.Add($"DELETE FROM deliveries WHERE rule_id = {rule.Id} AND lease = {lease} AND event_id >= {parcel[0].Id} AND event_id <= {parcel[^1].Id}");
        unit.Add($"UPDATE alert_rules SET failing_since = NULL, last_error = NULL WHERE id = {rule.Id} AND failing_since IS NOT NULL");
        return database.Write(unit, CancellationToken.None);
    }

    private async Task Failed(AlertRow rule, string lease, string problem, CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        var attempts = await database.ReadOne<long>($"SELECT coalesce(max(attempts), 0) FROM deliveries WHERE lease = {lease}", ct);
        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << (int)Math.Min(attempts, 10)));
        var unit = new WriteUnit();
        unit.Add($"UPDATE deliveries SET attempts = attempts + 1, due_at = {now + pause}, lease = NULL, leased_until = NULL WHERE rule_id = {rule.Id} AND lease = {lease}");
        unit.Add($"UPDATE alert_rules SET failing_since = COALESCE(failing_since, {now}), last_error = {problem} WHERE id = {rule.Id}");
        if (rule.FailingSince is { } since && now.ToUnixTimeMilliseconds() - since >= Undelivered.TotalMilliseconds)
        {
            log.Raise(unit, new NewEvent(rule.OrganisationId, EventSeverity.Major, "alert_undelivered", "alert", rule.Id, rule.Name)
            {
                Parameters = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["since"] = DateTimeOffset.FromUnixTimeMilliseconds(since).UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
                    ["why"] = problem,
                },
                Once = string.Create(CultureInfo.InvariantCulture, $"alert_undelivered/{rule.Id}/{since}"),    // once until something gets through again
            });
        }

        await database.Write(unit, ct);
    }
}
