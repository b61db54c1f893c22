using Countersign.Contracts;

namespace Countersign.Server.Events;

/// <summary>Something that ends.</summary>
/// <param name="OrganisationId">Whose it is.</param>
/// <param name="Kind">As the audit trail spells it; the event's kind is this and "_expiry".</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="End">When it ends.</param>
internal sealed record ExpiringThing(string OrganisationId, string Kind, string Id, string Name, DateTimeOffset End)
{
    /// <summary>When it began: a step that is longer than its whole life is left out. Null: every step counts.</summary>
    public DateTimeOffset? Begin { get; init; }
}

/// <param name="Days">Days before the end; 0 at the end, then -1, -2, …</param>
/// <param name="Severity">How much it matters.</param>
internal readonly record struct ExpiryStep(int Days, EventSeverity Severity);

/// <summary>Four weeks, two weeks, the end, and every day after it for thirty days.</summary>
internal static class ExpirySteps
{
    internal const int MostDaysAhead = 28;
    internal const int MostDaysAfter = 30;

    private static readonly ExpiryStep[] Ahead = [new(14, EventSeverity.Minor), new(MostDaysAhead, EventSeverity.Warning)];

    /// <summary>Distances from the end at which a step begins, in days.</summary>
    internal static IEnumerable<int> Rungs => Ahead.Select(s => s.Days).Concat(Enumerable.Range(0, MostDaysAfter + 1).Select(d => -d));

    /// <summary>The step that holds at this moment; null where there is nothing to tell.</summary>
    internal static ExpiryStep? At(ExpiringThing thing, DateTimeOffset now)
    {
        var left = thing.End - now;
        if (left <= TimeSpan.Zero)
        {
            var days = (int)Math.Floor(-left.TotalDays);
            return days <= MostDaysAfter ? new ExpiryStep(-days, EventSeverity.Major) : null;
        }

        var life = thing.End - thing.Begin ?? TimeSpan.MaxValue;
        foreach (var step in Ahead)
        {
            if (left <= TimeSpan.FromDays(step.Days) && life > TimeSpan.FromDays(step.Days))
            {
                return step;
            }
        }

        return null;
    }
}
