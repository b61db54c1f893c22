using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Edge;

namespace Countersign.Server.Requests;

/// <summary>One decision on many requests. Each stands for itself: one that is refused does not stop the others (O-16).</summary>
internal sealed class BulkDecisions(RequestQueue queue)
{
    /// <summary>Requests of one call; what a filter matches beyond is counted in the answer.</summary>
    internal const int Largest = 1000;

    internal async Task<BulkResult> Each(
        string organisation, IReadOnlyList<string>? ids, RequestFilter? filter, Func<string, Task> decide, CancellationToken ct)
    {
        if ((ids is null) == (filter is null))
            throw new RefusalException(Refusal.Malformed, "give either ids or a filter");
        if (ids?.Count > Largest)
            throw new RefusalException(Refusal.RequestTooLarge, $"{ids.Count} ids; {Largest} at once");
        var items = new List<BulkItem>();
        if (ids is not null)
        {
            foreach (var id in ids)
                items.Add(await One(organisation, id, decide, ct));
            return Result(items, remaining: 0);
        }

        var waiting = filter! with { State = RequestState.Queued };
        string? last = null; // those refused stay in the queue: go on behind them
        while (items.Count < Largest)
        {
            var page = await queue.List(organisation, waiting, last, Math.Min(RequestQueue.LargestPage, Largest - items.Count), ct);
            foreach (var row in page)
                items.Add(await One(organisation, row.Id, decide, ct));
            if (page.Count == 0)
                return Result(items, remaining: 0);
            last = page[^1].Id;
        }
        return Result(items, await queue.CountQueued(organisation, waiting, last, ct));
    }

    private async Task<BulkItem> One(string organisation, string id, Func<string, Task> decide, CancellationToken ct)
    {
        try
        {
            await decide(id);
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
