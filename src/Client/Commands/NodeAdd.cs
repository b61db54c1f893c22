using System.CommandLine;
using Countersign.Client.Keys;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign node add: equipment; its slots appear with it.</summary>
internal static class NodeAdd
{
    private static readonly Argument<string> Name = Shell.Needed("name", "argument.node-name");
    private static readonly Option<string?> Role = Shell.ChoiceSaying("--role", "option.role.node", Enum.GetNames<NodeRole>());
    private static readonly Option<string?> Fqdn = Shell.Given<string?>("--fqdn", "name");
    private static readonly Option<string?> RemoteName = Shell.Given<string?>("--remote-name", "name");
    private static readonly Option<string[]> San = Shell.Given<string[]>("--san", "dns:name", "option.san.node");
    private static readonly Option<bool> Lab = Shell.Flag("--lab");
    private static readonly LocationOptions Location = new();
    private static readonly Option<string?> Zone = Shell.Given<string?>("--zone", "name");

    public static Command Build(Shell shell)
    {
        Role.Required = true;
        Fqdn.Required = true;
        return shell.Verb("node add", [Name, Role, Fqdn, RemoteName, San, Lab, .. Location.Options, Zone], Run);
    }

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var sans = call.Value(San) ?? [];
        GivenNames.Sans(sans);
        var client = call.Connect();
        var node = await client.AddNode(
            new SaveNode
            {
                Name = call.Needed(Name),
                Role = Enum.Parse<NodeRole>(call.Value(Role)!),
                Fqdn = call.Value(Fqdn)!,
                RemoteName = call.Value(RemoteName),
                OtherNames = sans,
                Location = Location.Over(call, new LocationView()),
                Production = !call.Value(Lab),
                ZoneId = call.Value(Zone) is { } zone ? await NodeName.ZoneId(client, zone, ct) : null,
            },
            ct);
        return await NodeShow.Show(call, client, node, ct);
    }
}
