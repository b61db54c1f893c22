using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign node list: equipment with what is in use and what is wrong.</summary>
internal static class NodeList
{
    private static readonly Option<string?> Part = Shell.Given<string?>("--text", "text");
    private static readonly Option<string?> Role = Shell.ChoiceSaying("--role", "option.role.node.filter", Enum.GetNames<NodeRole>());
    private static readonly Option<int?> Limit = Shell.Number("--limit", "rows");
    private static readonly Option<string?> After = Shell.Given<string?>("--after", "cursor");

    public static Command Build(Shell shell) => shell.Verb("node list", [Part, Role, Limit, After], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        NodeRole? role = call.Value(Role) is { } given ? Enum.Parse<NodeRole>(given) : null;
        var page = await call.Connect().Nodes(call.Value(Part), role, call.Value(Limit) ?? 50, call.Value(After), ct);
        call.Screen.Show(page, ContractsJson.Default.PageNodeView, () => NodeText.List(call.Screen, page));
        return ExitCode.Done;
    }
}
