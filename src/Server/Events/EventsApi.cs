using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Edge;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Countersign.Server.Events;

/// <summary>/api/v1/events: read by everybody, acknowledged by those who work with certificates.</summary>
internal static class EventsApi
{
    internal static void MapEventsApi(this WebApplication app)
    {
        app.MapGroup("/api/v1/events")
            .RequireRole(Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator, Role.HelpDesk, Role.Auditor).Scope("events")
            .MapGet("", List).Operation<Page<EventView>>("listEvents");
        app.MapGroup("/api/v1/events")
            .RequireRole(Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator).Scope("events")
            .MapPost("acknowledge", Acknowledge).Operation<IReadOnlyList<EventView>>("acknowledgeEvents");
    }

    private static async Task<JsonHttpResult<Page<EventView>>> List(
        HttpContext context, EventLog log, EventText text, EventSeverity? severity, string? kind, string? objectKind, string? objectId, bool? acknowledged, string? after, int? limit, CancellationToken ct)
    {
        var size = Math.Clamp(limit ?? 50, 1, EventLog.LargestPage);
        var filter = new EventFilter { Severity = severity, Kind = kind, ObjectKind = objectKind, ObjectId = objectId, Acknowledged = acknowledged };
        var rows = await log.List(context.OrganisationId(), filter, after, size, ct);
        var page = new Page<EventView> { Items = [.. rows.Select(text.View)], Next = rows.Count == size ? rows[^1].Id : null };
        return TypedResults.Json(page, ContractsJson.Default.PageEventView);
    }

    private static async Task<JsonHttpResult<IReadOnlyList<EventView>>> Acknowledge(
        [FromBody] AcknowledgeEvents body, HttpContext context, EventLog log, EventText text, CancellationToken ct)
    {
        var rows = await log.Acknowledge(context.OrganisationId(), body.Ids, context.Actor(), ct);
        return TypedResults.Json<IReadOnlyList<EventView>>([.. rows.Select(text.View)], ContractsJson.Default.IReadOnlyListEventView);
    }
}
