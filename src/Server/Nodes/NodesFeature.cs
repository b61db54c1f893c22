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

    internal static void MapNodes(this WebApplication app)
    {
        app.MapNodesApi();
        app.MapSlotsApi();
    }
}
