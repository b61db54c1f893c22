namespace Countersign.Contracts;

public sealed partial class CountersignClient
{
    /// <summary>A page of nodes by name, each with its slots.</summary>
    public Task<Page<NodeView>> Nodes(string? text, NodeRole? role, int limit, string? after, CancellationToken ct) =>
        Get(Query("api/v1/nodes", ("text", text), ("role", role?.ToString()), ("limit", Number(limit)), ("after", after)), ContractsJson.Default.PageNodeView, ct);

    /// <summary>One node with its slots.</summary>
    public Task<NodeView> Node(string id, CancellationToken ct) => Get($"api/v1/nodes/{Segment(id)}", ContractsJson.Default.NodeView, ct);

    /// <summary>Adds a node; its slots appear with it.</summary>
    public Task<NodeView> AddNode(SaveNode body, CancellationToken ct) => Post("api/v1/nodes", body, ContractsJson.Default.SaveNode, ContractsJson.Default.NodeView, ct);

    /// <summary>Changes a node; what is absent is taken away.</summary>
    public Task<NodeView> ChangeNode(string id, SaveNode body, CancellationToken ct) =>
        Put($"api/v1/nodes/{Segment(id)}", body, ContractsJson.Default.SaveNode, ContractsJson.Default.NodeView, ct);

    /// <summary>Removes a node, with the keys kept for it.</summary>
    /// <param name="id">The node.</param>
    /// <param name="confirm">True where somebody said so although a certificate of it is in use.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task RemoveNode(string id, bool confirm, CancellationToken ct) => Delete(Query($"api/v1/nodes/{Segment(id)}", ("confirm", confirm ? "true" : null)), ct);

    /// <summary>All names for nodes that stand in for each other, and the requests for them.</summary>
    public Task<NameSet> ProposeNameSet(AskNameSet body, CancellationToken ct) =>
        Post("api/v1/nodes/name-set", body, ContractsJson.Default.AskNameSet, ContractsJson.Default.NameSet, ct);

    /// <summary>All clusters with their slots.</summary>
    public Task<IReadOnlyList<ClusterView>> Clusters(CancellationToken ct) => Get("api/v1/clusters", ContractsJson.Default.IReadOnlyListClusterView, ct);

    /// <summary>Makes mobility routers a cluster.</summary>
    public Task<ClusterView> AddCluster(SaveCluster body, CancellationToken ct) => Post("api/v1/clusters", body, ContractsJson.Default.SaveCluster, ContractsJson.Default.ClusterView, ct);

    /// <summary>Lets the members of a cluster stand alone again.</summary>
    public Task DissolveCluster(string id, CancellationToken ct) => Delete($"api/v1/clusters/{Segment(id)}", ct);

    /// <summary>All zones.</summary>
    public Task<IReadOnlyList<ZoneView>> Zones(CancellationToken ct) => Get("api/v1/zones", ContractsJson.Default.IReadOnlyListZoneView, ct);

    /// <summary>Adds a zone.</summary>
    public Task<ZoneView> AddZone(SaveZone body, CancellationToken ct) => Post("api/v1/zones", body, ContractsJson.Default.SaveZone, ContractsJson.Default.ZoneView, ct);

    /// <summary>One slot.</summary>
    public Task<SlotView> Slot(string id, CancellationToken ct) => Get($"api/v1/slots/{Segment(id)}", ContractsJson.Default.SlotView, ct);

    /// <summary>What is and was in a slot, newest first.</summary>
    public Task<IReadOnlyList<InstallationView>> SlotHistory(string id, CancellationToken ct) =>
        Get($"api/v1/slots/{Segment(id)}/history", ContractsJson.Default.IReadOnlyListInstallationView, ct);

    /// <summary>What the form for a slot's next certificate begins with.</summary>
    public Task<SlotFormView> SlotForm(string id, CancellationToken ct) => Get($"api/v1/slots/{Segment(id)}/form", ContractsJson.Default.SlotFormView, ct);

    /// <summary>The open request of a slot, decoded.</summary>
    public Task<SlotRequestView> SlotRequest(string id, CancellationToken ct) => Get($"api/v1/slots/{Segment(id)}/request", ContractsJson.Default.SlotRequestView, ct);

    /// <summary>What an authority's order form asks for.</summary>
    public Task<OrderSheet> OrderSheet(string id, OrderFrom from, CancellationToken ct) =>
        Get(Query($"api/v1/slots/{Segment(id)}/order-sheet", ("from", from.ToString())), ContractsJson.Default.OrderSheet, ct);

    /// <summary>The certificate in use in a slot, else the one that waits, as a file.</summary>
    /// <param name="id">The slot.</param>
    /// <param name="format"><c>der</c>, <c>pem</c> or <c>chain</c>.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<byte[]> DownloadFromSlot(string id, string format, CancellationToken ct)
    {
        using var answer = await http.GetAsync(Query($"api/v1/slots/{Segment(id)}/certificate", ("format", format)), HttpCompletionOption.ResponseHeadersRead, ct);
        await EnsureDone(answer, ct);
        return await ReadLimited(answer, ct);
    }

    /// <summary>Says what clients call a slot besides the names of its node or cluster.</summary>
    public Task<SlotView> SaveSlotNames(string id, SaveServedNames body, CancellationToken ct) =>
        Put($"api/v1/slots/{Segment(id)}/names", body, ContractsJson.Default.SaveServedNames, ContractsJson.Default.SlotView, ct);

    /// <summary>Makes a certificate or a request for a slot.</summary>
    public Task<SlotGenerated> GenerateForSlot(string id, GenerateForSlot body, CancellationToken ct) =>
        Post($"api/v1/slots/{Segment(id)}/generate", body, ContractsJson.Default.GenerateForSlot, ContractsJson.Default.SlotGenerated, ct);

    /// <summary>Puts what a vendor sent into a slot.</summary>
    public Task<SlotView> ImportIntoSlot(string id, ImportIntoSlot body, CancellationToken ct) =>
        Post($"api/v1/slots/{Segment(id)}/import", body, ContractsJson.Default.ImportIntoSlot, ContractsJson.Default.SlotView, ct);

    /// <summary>Makes a certificate that waits in a slot the one in use.</summary>
    public Task<SlotView> ActivateInstallation(string id, ActivateInstallation body, CancellationToken ct) =>
        Post($"api/v1/installations/{Segment(id)}/activate", body, ContractsJson.Default.ActivateInstallation, ContractsJson.Default.SlotView, ct);
}
