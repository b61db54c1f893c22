using System.Globalization;
using Countersign.Server.Storage;

namespace Countersign.Server.Events;

/// <summary>
/// Tells that something ends, each step once, whoever looks and however often. <see cref="ExpiryLadder"/> looks after certificates, authorities, revocation
/// lists and API tokens; a feature with other things that end calls <see cref="Raise"/> from its own repeated work.
/// </summary>
internal sealed class ExpiryNotices(EventLog log)
{
    /// <summary>Adds the event of the step that holds now; missed ones are not told any more. False where there is nothing to tell.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="thing">What ends.</param>
    /// <param name="since">When it was looked at last: only a step that began since then is told. Null: whatever holds now.</param>
    /// <param name="now">The moment.</param>
    public bool Raise(WriteUnit unit, ExpiringThing thing, DateTimeOffset? since, DateTimeOffset now)
    {
        if (ExpirySteps.At(thing, now) is not { } step || (since is { } then && ExpirySteps.At(thing, then) == step))
        {
            return false;
        }

        // The end is part of the name: what was renewed under the same id begins anew.
        var ladder = $"expiry/{thing.Kind}/{thing.Id}/{thing.End.ToUnixTimeMilliseconds()}/";
        var told = new NewEvent(thing.OrganisationId, step.Severity, thing.Kind + "_expiry", thing.Kind, thing.Id, thing.Name)
        {
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["end"] = thing.End.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["days"] = ((int)Math.Ceiling((thing.End - now).TotalDays)).ToString(CultureInfo.InvariantCulture),
            },
            Once = ladder + step.Days.ToString(CultureInfo.InvariantCulture),
        };
        log.Raise(unit, told, step.Days < 0 ? NotKnown(thing.OrganisationId, ladder) : Sql.Raw("1 = 1"));
        return true;
    }

    // Once somebody acknowledged that it has ended, the days after are not told.
    private static Sql NotKnown(string organisationId, string ladder) =>
        $"""
         NOT EXISTS (SELECT 1 FROM events known WHERE known.organisation_id = {organisationId} AND known.dedupe >= {ladder} AND known.dedupe < {ladder + "~"}
                     AND known.severity = 'Major' AND known.acknowledged_at IS NOT NULL)
         """;
}
