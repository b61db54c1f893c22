using Countersign.Contracts;

namespace Countersign.Client.Output;

/// <summary>Nodes and clusters as people read them.</summary>
internal static class NodeText
{
    public static void List(Screen screen, Page<NodeView> page)
    {
        screen.Table(
            [Text.Of("column.id"), Text.Of("column.name"), Text.Of("column.role"), Text.Of("column.fqdn"), Text.Of("column.remote-name"), Text.Of("column.slots-used"), Text.Of("column.first-end"), Text.Of("column.findings")],
            page.Items.Select(n => new[]
            {
                n.Id, n.Production ? n.Name : Text.Of("node.lab", n.Name), n.Role.ToString(), n.Fqdn, n.RemoteName,
                n.ClusterId is null ? Text.Of("node.slots", n.Slots.Count(s => s.Active is not null), n.Slots.Count) : Text.Of("node.in-cluster"),
                screen.Time(n.Slots.Min(s => s.Active?.NotAfter)), Worst(n.Slots),
            }));
        if (page.Next is { } next)
        {
            screen.Note(Text.Of("more", Typed.Of(next)));
        }
    }

    /// <param name="cluster">The one it belongs to; its slots are shown as the node's.</param>
    /// <param name="zone">Name of its zone.</param>
    public static void Details(Screen screen, NodeView n, ClusterView? cluster, string? zone)
    {
        screen.Facts(
        [
            (Text.Of("column.id"), n.Id),
            (Text.Of("column.name"), n.Production ? n.Name : Text.Of("node.lab", n.Name)),
            (Text.Of("column.role"), n.Role.ToString()),
            (Text.Of("column.fqdn"), n.Fqdn),
            (Text.Of("column.remote-name"), n.RemoteName),
            (Text.Of("column.sans"), string.Join('\n', n.OtherNames)),
            (Text.Of("name.c"), n.Location.Country),
            (Text.Of("name.st"), n.Location.State),
            (Text.Of("name.l"), n.Location.Locality),
            (Text.Of("name.o"), n.Location.Organization),
            (Text.Of("name.ou"), n.Location.OrganizationalUnit),
            (Text.Of("column.cluster"), cluster is null ? null : n.IsPrimary ? Text.Of("node.primary", cluster.Name) : cluster.Name),
            (Text.Of("column.zone"), zone),
        ]);
        screen.Line("");
        SlotText.List(screen, cluster?.Name ?? n.Name, cluster?.Slots ?? n.Slots);
    }

    /// <param name="nodes">Names of its members, the primary one first.</param>
    public static void Details(Screen screen, ClusterView c, IReadOnlyList<string> nodes)
    {
        screen.Facts(
        [
            (Text.Of("column.id"), c.Id),
            (Text.Of("column.name"), c.Name),
            (Text.Of("column.local-name"), c.LocalName),
            (Text.Of("column.remote-name"), c.RemoteName),
            (Text.Of("column.nodes"), string.Join('\n', nodes)),
        ]);
        screen.Line("");
        SlotText.List(screen, c.Name, c.Slots);
    }

    private static string? Worst(IReadOnlyList<SlotView> slots)
    {
        var weights = slots.SelectMany(s => s.Findings).Select(f => f.Severity).ToList();
        return weights.Count == 0 ? null : Text.Of("node.findings", weights.Count, weights.Max());
    }
}
