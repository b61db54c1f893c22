using Countersign.Contracts.Audit;
using Countersign.Server.Access;
using Countersign.Server.Ui;

namespace Countersign.Server.Audit;

/// <summary>The whole trail as a file for "countersign audit verify".</summary>
internal static class AuditPages
{
    private static readonly byte[] LineEnd = [(byte)'\n'];

    internal static void MapAuditPages(this WebApplication app) =>
        app.MapGet("/audit/export", Export).RequireAuthorization(policy => policy.RequireRole(ConsoleRoles.SeeAudit.Split(','))).DisableRequestTimeout();

    private static async Task Export(HttpContext context, AuditLog log, CancellationToken ct)
    {
        context.Response.ContentType = "application/jsonl";
        context.Response.Headers.ContentDisposition = "attachment; filename=countersign-audit.jsonl";
        await foreach (var line in log.Export(context.OrganisationId(), ct))
        {
            await context.Response.BodyWriter.WriteAsync(line.Write(), ct);
            await context.Response.BodyWriter.WriteAsync(LineEnd, ct);
        }
    }
}
