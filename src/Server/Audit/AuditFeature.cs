namespace Countersign.Server.Audit;

/// <summary>The append-only, hash-chained audit trail.</summary>
internal static class AuditFeature
{
    internal static void AddAudit(this WebApplicationBuilder builder) => builder.Services.AddSingleton<AuditTrail>();

    internal static void MapAudit(this WebApplication app) => _ = app;
}
