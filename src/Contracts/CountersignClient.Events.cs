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

    /// <summary>All alerts, without their secrets.</summary>
    public Task<IReadOnlyList<AlertView>> Alerts(CancellationToken ct) => Get("api/v1/alerts", ContractsJson.Default.IReadOnlyListAlertView, ct);

    /// <summary>Makes an alert; the secret of a webhook is shown once.</summary>
    public Task<CreatedAlert> CreateAlert(SaveAlert body, CancellationToken ct) => Post("api/v1/alerts", body, ContractsJson.Default.SaveAlert, ContractsJson.Default.CreatedAlert, ct);

    /// <summary>Removes an alert, with what waits.</summary>
    public Task RemoveAlert(string id, CancellationToken ct) => Delete($"api/v1/alerts/{Segment(id)}", ct);

    /// <summary>Sends a test now.</summary>
    public Task<AlertTest> TestAlert(string id, CancellationToken ct) =>
        Post($"api/v1/alerts/{Segment(id)}/test", new MuteAlert(), ContractsJson.Default.MuteAlert, ContractsJson.Default.AlertTest, ct);

    /// <summary>Sends nothing until a moment; null ends the silence.</summary>
    public Task<AlertView> MuteAlert(string id, MuteAlert body, CancellationToken ct) =>
        Post($"api/v1/alerts/{Segment(id)}/mute", body, ContractsJson.Default.MuteAlert, ContractsJson.Default.AlertView, ct);

    /// <summary>Through which server mails go.</summary>
    public Task<MailServerView> MailServer(CancellationToken ct) => Get("api/v1/alerts/mail", ContractsJson.Default.MailServerView, ct);

    /// <summary>Sets it.</summary>
    public Task<MailServerView> SaveMailServer(SaveMailServer body, CancellationToken ct) =>
        Put("api/v1/alerts/mail", body, ContractsJson.Default.SaveMailServer, ContractsJson.Default.MailServerView, ct);
}
