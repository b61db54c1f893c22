namespace Countersign.Server.Audit;

/// <summary>The append-only, hash-chained audit trail.</summary>
internal static class AuditFeature
{
    internal static void AddAudit(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddSingleton<AuditKey>();
        builder.Services.AddSingleton<AuditCheckpoints>();
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddHostedService(s => s.GetRequiredService<AuditCheckpoints>());
    }

    internal static void MapAudit(this WebApplication app) => app.MapAuditEndpoints();
}
