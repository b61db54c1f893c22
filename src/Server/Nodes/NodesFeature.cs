using Countersign.Pki;
using Countersign.Server.Access;

namespace Countersign.Server.Nodes;

/// <summary>Equipment: nodes, clusters, zones, and the slots their certificates go into.</summary>
internal static class NodesFeature
{
    internal static void AddNodes(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Equipment>();
        builder.Services.AddSingleton<ClusterBook>();
        builder.Services.AddSingleton<Slots>();
        builder.Services.AddSingleton<SlotKeys>();
        builder.Services.AddSingleton<SlotViews>();
        builder.Services.AddSingleton<SlotGeneration>();
        builder.Services.AddSingleton<SlotImport>();
        builder.Services.AddSingleton<Installing>();
        builder.Services.AddSingleton<SlotListeners>();
        builder.Services.AddSingleton<OrderSheets>();
        builder.Services.AddSingleton<KeyExports>();
        builder.Services.AddHostedService<SlotPickup>();
    }

    /// <summary>Equipment has names of its own: a token that is limited to some names has no business with it.</summary>
    internal static ValueTask<object?> RefuseLimited(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.CallerOrNull() is { AllowedNames: not null }
            ? throw new RefusalException(Refusal.Forbidden, "this token is limited to names, and equipment is not listed by them")
            : next(context);

    internal static void MapNodes(this WebApplication app)
    {
        app.MapNodesApi();
        app.MapSlotsApi();
    }
}
