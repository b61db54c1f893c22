using Countersign.Server.Edge;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Audit;

/// <summary>GET /api/v1/audit and /api/v1/audit/export. There is nothing else: the trail cannot be changed from anywhere.</summary>
internal static class AuditEndpoints
{
    private static readonly byte[] LineEnd = [(byte)'\n'];

    internal static void MapAuditEndpoints(this WebApplication app)
    {
        var group = app.MapGroup("/api/v1/audit").RequireRole(Role.Auditor, Role.PrimaryAdministrator).Scope("audit");
        group.MapGet("", Page).Operation<Page<AuditView>>("listAudit");
        group.MapGet("export", Export).FileOperation("exportAudit", "application/jsonl").DisableRequestTimeout();
    }

    private static async Task<IResult> Page(HttpContext context, AuditLog log, [AsParameters] AuditQuery query, CancellationToken ct)
    {
        var filter = new AuditFilter(query.Text, query.Action, query.ObjectKind, query.ObjectId, query.Actor, query.From, query.Until);
        var page = await log.Page(context.OrganisationId(), filter, query.Limit ?? 50, query.After, ct);
        var view = new Page<AuditView> { Items = [.. page.Rows.Select(View)], Next = page.Next };
        return Results.Json(view, ContractsJson.Default.PageAuditView);
    }

    /// <summary>The whole trail as a file for "countersign audit verify"; the console gives out the same.</summary>
    internal static async Task Export(HttpContext context, AuditLog log, CancellationToken ct)
    {
        context.Response.ContentType = "application/jsonl";
        context.Response.Headers.ContentDisposition = "attachment; filename=countersign-audit.jsonl";
        await foreach (var line in log.Export(context.OrganisationId(), ct))
        {
            await context.Response.BodyWriter.WriteAsync(line.Write(), ct);
            await context.Response.BodyWriter.WriteAsync(LineEnd, ct);
        }
    }

    private static AuditView View(AuditRow row) => new()
    {
        Chain = row.Chain,
        Number = row.Seq,
        At = row.Time,
        Actor = new ActorView { Kind = row.ActorKind, Id = row.ActorId, Name = row.ActorName },
        SourceAddress = row.Source,
        Action = row.Action,
        ObjectKind = row.ObjectKind,
        ObjectId = row.ObjectId,
        Detail = JsonDocument.Parse(row.Detail).RootElement,
        Hash = Convert.ToHexStringLower(row.Hash),
    };

    internal sealed record AuditQuery(
        string? Text, string? Action, string? ObjectKind, string? ObjectId, string? Actor, DateTimeOffset? From, DateTimeOffset? Until, int? Limit, string? After);
}
