using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign node show: one node with its slots, and in words what is not as it should be.</summary>
internal static class NodeShow
{
    private static readonly Argument<string> Name = Shell.Needed("node", "argument.node");

    public static Command Build(Shell shell) => shell.Verb("node show", [Name], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        return await Show(call, client, await NodeName.Get(client, call.Needed(Name), ct), ct);
    }

    public static async Task<ExitCode> Show(Call call, CountersignClient client, NodeView node, CancellationToken ct)
    {
        var cluster = node.ClusterId is null || call.Screen.Json ? null : (await client.Clusters(ct)).FirstOrDefault(c => c.Id == node.ClusterId);
        var zone = node.ZoneId is null || call.Screen.Json ? null : (await client.Zones(ct)).FirstOrDefault(z => z.Id == node.ZoneId);
        call.Screen.Show(node, ContractsJson.Default.NodeView, () => NodeText.Details(call.Screen, node, cluster, zone?.Name));
        return ExitCode.Done;
    }
}
