using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign cluster add: makes mobility routers one.</summary>
internal static class ClusterAdd
{
    private static readonly Argument<string> Name = Shell.Needed("name", "argument.cluster-name");
    private static readonly Option<string?> LocalName = Shell.Given<string?>("--local-name", "name");
    private static readonly Option<string?> RemoteName = Shell.Given<string?>("--remote-name", "name", "option.remote-name.cluster");
    private static readonly Option<string[]> Node = Shell.Given<string[]>("--node", "name");

    public static Command Build(Shell shell)
    {
        LocalName.Required = true;
        Node.Required = true;
        return shell.Verb("cluster add", [Name, LocalName, RemoteName, Node], Run);
    }

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var nodes = new List<NodeView>();
        foreach (var name in call.Value(Node) ?? [])
        {
            nodes.Add(await NodeName.Get(client, name, ct));
        }

        var cluster = await client.AddCluster(
            new SaveCluster { Name = call.Needed(Name), LocalName = call.Value(LocalName)!, RemoteName = call.Value(RemoteName), Nodes = [.. nodes.Select(n => n.Id)] }, ct);
        call.Screen.Show(cluster, ContractsJson.Default.ClusterView, () => NodeText.Details(call.Screen, cluster, [.. cluster.Nodes.Select(id => nodes.First(n => n.Id == id).Name)]));
        return ExitCode.Done;
    }
}
