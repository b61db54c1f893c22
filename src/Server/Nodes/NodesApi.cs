using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Edge;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Countersign.Server.Nodes;

/// <summary>/api/v1/nodes, /clusters, /zones: equipment.</summary>
internal static class NodesApi
{
    public static void MapNodesApi(this WebApplication app)
    {
        var read = app.MapGroup("/api/v1").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator, Role.HelpDesk, Role.Auditor).Scope("nodes").AddEndpointFilter(NodesFeature.RefuseLimited);
        read.MapGet("nodes", List).Operation<Page<NodeView>>("listNodes");
        read.MapGet("nodes/{id}", Get).Operation<NodeView>("getNode");
        read.MapGet("clusters", Clusters).Operation<IReadOnlyList<ClusterView>>("listClusters");
        read.MapGet("zones", Zones).Operation<IReadOnlyList<ZoneView>>("listZones");

        var write = app.MapGroup("/api/v1").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator).Scope("nodes").AddEndpointFilter(NodesFeature.RefuseLimited);
        write.MapPost("nodes", Add).Operation<NodeView>("addNode", StatusCodes.Status201Created);
        write.MapPut("nodes/{id}", Change).Operation<NodeView>("changeNode");
        write.MapDelete("nodes/{id}", Remove).Operation("removeNode");
        write.MapPost("nodes/name-set", NamesOf).Operation<NameSet>("proposeNameSet");
        write.MapPost("clusters", AddCluster).Operation<ClusterView>("addCluster", StatusCodes.Status201Created);
        write.MapDelete("clusters/{id}", Dissolve).Operation("dissolveCluster");
        write.MapPost("zones", AddZone).Operation<ZoneView>("addZone", StatusCodes.Status201Created);
    }

    private static async Task<JsonHttpResult<Page<NodeView>>> List(
        string? text, NodeRole? role, string? after, int? limit, HttpContext context, Equipment equipment, SlotViews views, CancellationToken ct)
    {
        var size = Math.Clamp(limit ?? 50, 1, Equipment.LargestPage);
        var nodes = await equipment.List(context.OrganisationId(), text, role, after, size, ct);
        var page = new Page<NodeView> { Items = await views.Of(context.OrganisationId(), nodes, ct), Next = nodes.Count == size ? nodes[^1].Name : null };
        return TypedResults.Json(page, ContractsJson.Default.PageNodeView);
    }

    private static async Task<JsonHttpResult<NodeView>> Get(string id, HttpContext context, Equipment equipment, SlotViews views, CancellationToken ct) =>
        TypedResults.Json(await views.Of(await equipment.Get(context.OrganisationId(), id, ct), ct), ContractsJson.Default.NodeView);

    private static async Task<JsonHttpResult<NodeView>> Add([FromBody] SaveNode body, HttpContext context, Equipment equipment, SlotViews views, CancellationToken ct) => TypedResults.Json(
        await views.Of(await equipment.Add(context.OrganisationId(), body, context.Actor(), ct), ct), ContractsJson.Default.NodeView, statusCode: StatusCodes.Status201Created);

    private static async Task<JsonHttpResult<NodeView>> Change(string id, [FromBody] SaveNode body, HttpContext context, Equipment equipment, SlotViews views, CancellationToken ct) =>
        TypedResults.Json(await views.Of(await equipment.Change(context.OrganisationId(), id, body, context.Actor(), ct), ct), ContractsJson.Default.NodeView);

    private static async Task<NoContent> Remove(string id, bool? confirm, HttpContext context, Equipment equipment, CancellationToken ct)
    {
        await equipment.Remove(context.OrganisationId(), id, confirm ?? false, context.Actor(), ct);
        return TypedResults.NoContent();
    }

    private static async Task<JsonHttpResult<NameSet>> NamesOf([FromBody] AskNameSet body, HttpContext context, OrderSheets sheets, CancellationToken ct) =>
        TypedResults.Json(await sheets.NamesOf(context.OrganisationId(), body, ct), ContractsJson.Default.NameSet);

    private static async Task<JsonHttpResult<IReadOnlyList<ClusterView>>> Clusters(HttpContext context, ClusterBook clusters, Equipment equipment, SlotViews views, CancellationToken ct)
    {
        var all = new List<ClusterView>();
        foreach (var cluster in await clusters.List(context.OrganisationId(), ct))
        {
            all.Add(await views.Of(cluster, await equipment.Members(cluster.OrganisationId, cluster.Id, ct), ct));
        }

        return TypedResults.Json<IReadOnlyList<ClusterView>>(all, ContractsJson.Default.IReadOnlyListClusterView);
    }

    private static async Task<JsonHttpResult<ClusterView>> AddCluster([FromBody] SaveCluster body, HttpContext context, ClusterBook clusters, Equipment equipment, SlotViews views, CancellationToken ct)
    {
        var cluster = await clusters.Add(context.OrganisationId(), body, context.Actor(), ct);
        return TypedResults.Json(
            await views.Of(cluster, await equipment.Members(cluster.OrganisationId, cluster.Id, ct), ct), ContractsJson.Default.ClusterView, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<NoContent> Dissolve(string id, HttpContext context, ClusterBook clusters, CancellationToken ct)
    {
        await clusters.Dissolve(context.OrganisationId(), id, context.Actor(), ct);
        return TypedResults.NoContent();
    }

    private static async Task<JsonHttpResult<IReadOnlyList<ZoneView>>> Zones(HttpContext context, ClusterBook clusters, CancellationToken ct)
    {
        IReadOnlyList<ZoneView> zones = [.. (await clusters.Zones(context.OrganisationId(), ct)).Select(View)];
        return TypedResults.Json(zones, ContractsJson.Default.IReadOnlyListZoneView);
    }

    private static async Task<JsonHttpResult<ZoneView>> AddZone([FromBody] SaveZone body, HttpContext context, ClusterBook clusters, CancellationToken ct) =>
        TypedResults.Json(View(await clusters.AddZone(context.OrganisationId(), body, context.Actor(), ct)), ContractsJson.Default.ZoneView, statusCode: StatusCodes.Status201Created);

    private static ZoneView View(Zone zone) => new() { Id = zone.Id, Name = zone.Name, BackupZoneId = zone.BackupZoneId };
}
