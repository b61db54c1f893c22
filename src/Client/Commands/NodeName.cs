using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>Nodes, clusters and zones as a person names them: by name, or by id.</summary>
internal static class NodeName
{
    private const int Page = 500;

    public static async Task<NodeView> Get(CountersignClient client, string given, CancellationToken ct)
    {
        var text = given.Trim();
        return text.Length == 0 ? throw new Stop(ExitCode.NotFound, "no_owner", given) : await Find(client, text, ct) ?? await client.Node(text, ct);
    }

    /// <summary>By its whole name, capital letters or not; the server finds parts of names.</summary>
    public static async Task<NodeView?> Find(CountersignClient client, string name, CancellationToken ct)
    {
        Page<NodeView> page;
        string? after = null;
        do
        {
            page = await client.Nodes(name, null, Page, after, ct);
            if (page.Items.FirstOrDefault(n => Same(n.Name, name)) is { } node)
            {
                return node;
            }

            after = page.Next;
        }
        while (after is not null);
        return null;
    }

    public static async Task<ClusterView> Cluster(CountersignClient client, string given, CancellationToken ct) =>
        (await client.Clusters(ct)).FirstOrDefault(c => Same(c.Name, given) || c.Id == given) ?? throw new Stop(ExitCode.NotFound, "no_cluster", given);

    /// <summary>Its id; none for an empty text.</summary>
    public static async Task<string?> ZoneId(CountersignClient client, string given, CancellationToken ct) =>
        string.IsNullOrWhiteSpace(given) ? null
        : (await client.Zones(ct)).FirstOrDefault(z => Same(z.Name, given) || z.Id == given)?.Id ?? throw new Stop(ExitCode.NotFound, "no_zone", given);

    public static bool Same(string name, string given) => string.Equals(name, given.Trim(), StringComparison.OrdinalIgnoreCase);
}
