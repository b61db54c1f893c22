using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Ui;

namespace Countersign.Server.Events;

/// <summary>The event log as a file.</summary>
internal static class EventsPages
{
    internal static void MapEventsPages(this WebApplication app) =>
        app.MapGet("/events.csv", Export).RequireAuthorization(policy => policy.RequireRole(ConsoleRoles.Everybody.Split(',')));

    /// <summary>The filter of the page and of its file, from the address.</summary>
    internal static EventFilter FilterOf(IQueryCollection query) => new()
    {
        Severity = Enum.TryParse<EventSeverity>(query["severity"], ignoreCase: true, out var severity) && Enum.IsDefined(severity) ? severity : null,
        Kind = query["kind"],
        ObjectId = query["object"],
        Acknowledged = query["state"].ToString() switch { "open" => false, "acknowledged" => true, _ => null },
    };

    private static IResult Export(HttpContext context, EventLog log, EventText text)
    {
        var organisation = context.OrganisationId();
        var filter = FilterOf(context.Request.Query);
        string[] head = ["id", "time", "severity", "kind", "about", "object id", "name", "text", "acknowledged", "acknowledged by"];
        return Csv.File("events", head, (after, ct) => log.List(organisation, filter, after, EventLog.LargestPage, ct), e => e.Id, e =>
        [
            e.Id, Csv.Time(e.At), e.Severity, e.Kind, e.ObjectKind, e.ObjectId, e.ObjectName, text.View(e).Text, Csv.Time(e.AcknowledgedAt), e.AcknowledgedBy,
        ]);
    }
}
