using Countersign.Server.Access;
using Countersign.Server.Ui;

namespace Countersign.Server.Audit;

/// <summary>The whole trail as a file for "countersign audit verify".</summary>
internal static class AuditPages
{
    internal static void MapAuditPages(this WebApplication app) =>
        app.MapGet("/audit/export", AuditEndpoints.Export).RequireAuthorization(policy => policy.RequireRole(ConsoleRoles.SeeAudit.Split(','))).DisableRequestTimeout();
}
