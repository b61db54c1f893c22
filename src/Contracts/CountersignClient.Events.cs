namespace Countersign.Contracts;

public sealed partial class CountersignClient
{
    /// <summary>A page of events, newest first.</summary>
    public Task<Page<EventView>> Events(EventFilter filter, int limit, string? after, CancellationToken ct) => Get(
        Query(
            "api/v1/events", ("severity", filter.Severity?.ToString()), ("kind", filter.Kind), ("objectKind", filter.ObjectKind), ("objectId", filter.ObjectId),
            ("acknowledged", filter.Acknowledged is { } known ? known ? "true" : "false" : null), ("limit", Number(limit)), ("after", after)),
        ContractsJson.Default.PageEventView, ct);

    /// <summary>Says that events are known.</summary>
    public Task<IReadOnlyList<EventView>> AcknowledgeEvents(AcknowledgeEvents body, CancellationToken ct) =>
        Post("api/v1/events/acknowledge", body, ContractsJson.Default.AcknowledgeEvents, ContractsJson.Default.IReadOnlyListEventView, ct);
}
