using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign cluster list: routers that stand in for each other, with the slots they share.</summary>
internal static class ClusterList
{
    public static Command Build(Shell shell) => shell.Verb("cluster list", [], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var all = await client.Clusters(ct);
        var members = call.Screen.Json ? [] : await Members(client, all, ct);
        call.Screen.Show(all, ContractsJson.Default.IReadOnlyListClusterView, () =>
        {
            call.Screen.Table(
                [Text.Of("column.id"), Text.Of("column.name"), Text.Of("column.local-name"), Text.Of("column.remote-name"), Text.Of("column.nodes")],
                all.Select(c => new[] { c.Id, c.Name, c.LocalName, c.RemoteName, string.Join(", ", Names(c, members)) }));
            foreach (var cluster in all)
            {
                SlotText.List(call.Screen, cluster.Name, cluster.Slots);
            }
        });
        return ExitCode.Done;
    }

    /// <summary>The names of all members, by id.</summary>
    public static async Task<Dictionary<string, string>> Members(CountersignClient client, IReadOnlyList<ClusterView> clusters, CancellationToken ct)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in clusters.SelectMany(c => c.Nodes))
        {
            names[id] = (await client.Node(id, ct)).Name;
        }

        return names;
    }

    public static IReadOnlyList<string> Names(ClusterView cluster, Dictionary<string, string> members) => [.. cluster.Nodes.Select(id => members[id])];
}
