using System.CommandLine;
using Countersign.Client.Keys;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign node change: what is not named stays as it is.</summary>
internal static class NodeChange
{
    private static readonly Argument<string> Name = Shell.Needed("node", "argument.node");
    private static readonly Option<string?> NewName = Shell.Given<string?>("--name", "name", "option.name.node");
    private static readonly Option<string?> Fqdn = Shell.Given<string?>("--fqdn", "name");
    private static readonly Option<string?> RemoteName = Shell.Given<string?>("--remote-name", "name");
    private static readonly Option<string[]> San = Shell.Given<string[]>("--san", "dns:name", "option.san.node.change");
    private static readonly Option<bool> Lab = Shell.Flag("--lab");
    private static readonly Option<bool> Production = Shell.Flag("--production");
    private static readonly LocationOptions Location = new();
    private static readonly Option<string?> Zone = Shell.Given<string?>("--zone", "name");

    public static Command Build(Shell shell) => shell.Verb("node change", [Name, NewName, Fqdn, RemoteName, San, Lab, Production, .. Location.Options, Zone], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        if (call.Value(Lab) && call.Value(Production))
        {
            throw new Stop(ExitCode.Usage, "lab_or_production");
        }

        var sans = call.Value(San)?.Where(s => s.Length > 0).ToArray();
        GivenNames.Sans(sans ?? []);
        var client = call.Connect();
        var node = await NodeName.Get(client, call.Needed(Name), ct);
        var changed = await client.ChangeNode(
            node.Id,
            new SaveNode
            {
                Name = call.Value(NewName) ?? node.Name,
                Role = node.Role,
                Fqdn = call.Value(Fqdn) ?? node.Fqdn,
                RemoteName = call.Value(RemoteName) ?? node.RemoteName,
                OtherNames = call.Value(San) is { Length: > 0 } ? sans! : node.OtherNames,
                Location = Location.Over(call, node.Location),
                Production = call.Value(Production) || (node.Production && !call.Value(Lab)),
                ZoneId = call.Value(Zone) is { } zone ? await NodeName.ZoneId(client, zone, ct) : node.ZoneId,
            },
            ct);
        return await NodeShow.Show(call, client, changed, ct);
    }
}
