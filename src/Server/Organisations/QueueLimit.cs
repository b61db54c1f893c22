using System.Globalization;
using System.Text.Json;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Organisations;

/// <summary>How many requests may wait at once per way in: the option where one is given, else what the primary administrator set, else the default.</summary>
internal sealed class QueueLimit(Database database, AuditTrail audit, CountersignOptions options, TimeProvider clock)
{
    internal const string Option = "Limits:QueueLimit";
    internal const int Most = 100_000;
    private const string Name = "queueLimit";

    /// <summary>An option given at the start holds for every server that was started with it, so nobody changes it from inside.</summary>
    internal bool IsFixed => options.SourceOf(Option) != OptionSource.Default;

    internal async Task<int> Of(string organisationId, CancellationToken ct) =>
        (IsFixed ? null : await Changed(organisationId, ct)) ?? options.Limits.QueueLimit;

    /// <summary>What was set here; null when nobody did.</summary>
    internal async Task<int?> Changed(string organisationId, CancellationToken ct) =>
        await database.ReadOne<string>($"SELECT value FROM settings WHERE organisation_id = {organisationId} AND name = {Name}", ct) is { } kept
            ? int.Parse(kept, CultureInfo.InvariantCulture)
            : null;

    /// <summary>Counts from the next request on; those that wait stay. Throws malformed, forbidden.</summary>
    internal async Task Change(Actor actor, string organisationId, string? wanted, CancellationToken ct)
    {
        if (IsFixed)
        {
            throw new RefusalException(Refusal.Forbidden, "The limit was given when the server was started; it is changed there.");
        }

        if (!int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit is < 1 or > Most)
        {
            throw new RefusalException(Refusal.Malformed, $"The limit is a whole number from 1 to {Most}.");
        }

        var before = await Of(organisationId, ct);
        if (before == limit)
        {
            return;
        }

        var unit = new WriteUnit();
        var value = limit.ToString(CultureInfo.InvariantCulture);
        unit.Add(
            $"""
             INSERT INTO settings (organisation_id, name, value, changed_at) VALUES ({organisationId}, {Name}, {value}, {clock.GetUtcNow()})
             ON CONFLICT (organisation_id, name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
             """);
        audit.Append(unit, new AuditEntry(organisationId, actor, "settings.change", "organisation", organisationId, JsonSerializer.Serialize(new { setting = Name, before, after = limit })));
        await database.Write(unit, ct);
    }
}
