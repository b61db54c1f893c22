using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Edge;

namespace Countersign.Server.Requests;

/// <summary>One decision on many requests. Each stands for itself: one that is refused does not stop the others (O-16).</summary>
internal sealed class BulkDecisions(RequestQueue queue, DecisionKeys keys)
{
    /// <summary>Requests of one call; what a filter matches beyond is counted in the answer.</summary>
    internal const int Largest = 1000;

    internal async Task<BulkResult> Each(
        string organisation, IReadOnlyList<string>? ids, RequestFilter? filter, DecisionKey? key, Func<string, DecisionKey?, Task> decide, CancellationToken ct)
    {
        if ((ids is null) == (filter is null))
            throw new RefusalException(Refusal.Malformed, "give either ids or a filter");
        if (ids?.Count > Largest)
            throw new RefusalException(Refusal.RequestTooLarge, $"{ids.Count} ids; {Largest} at once");
        if (ids?.FirstOrDefault(id => id is null || id.Length == 0 || id.Contains(' ', StringComparison.Ordinal)) is { } none)
            throw new RefusalException(Refusal.Malformed, $"'{none}' is no id");

        var waiting = (filter ?? new RequestFilter()) with { State = RequestState.Queued };
        var chosen = await keys.Targets(key, async () => ids ?? await Oldest(organisation, waiting, ct), ct);
        var items = new List<BulkItem>(chosen.Count);
        foreach (var id in chosen)
        {
            var one = key?.For(id);
            items.Add(await One(organisation, id, () => keys.Once(one, () => decide(id, one), ct), ct));
        }

        return Result(items, filter is not null && chosen.Count == Largest ? await queue.CountQueued(organisation, waiting, chosen[^1], ct) : 0);
    }

    private async Task<IReadOnlyList<string>> Oldest(string organisation, RequestFilter waiting, CancellationToken ct)
    {
        var ids = new List<string>();
        IReadOnlyList<RequestRow> page;
        do
        {
            page = await queue.List(organisation, waiting, ids.LastOrDefault(), Math.Min(RequestQueue.LargestPage, Largest - ids.Count), ct);
            ids.AddRange(page.Select(row => row.Id));
        }
        while (page.Count > 0 && ids.Count < Largest);
        return ids;
    }

    private async Task<BulkItem> One(string organisation, string id, Func<Task> decide, CancellationToken ct)
    {
        try
        {
            await decide();
            var row = await queue.Get(organisation, id, ct);
            return new BulkItem { Id = id, State = Enum.Parse<RequestState>(row.PublicState), CertificateId = row.CertificateId };
        }
        catch (RefusalException no)
        {
            return new BulkItem { Id = id, Problem = new Problem { Code = no.Code, Title = Problems.Title(no.Code), Detail = no.Detail, Next = Problems.Next(no.Code) } };
        }
    }

    private static BulkResult Result(List<BulkItem> items, long remaining)
    {
        var refused = items.Count(i => i.Problem is not null);
        return new BulkResult { Items = items, Done = items.Count - refused, Refused = refused, Remaining = remaining };
    }
}
