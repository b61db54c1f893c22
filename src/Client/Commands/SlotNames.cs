using System.CommandLine;
using Countersign.Client.Keys;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign slot names: what clients call a slot besides the names of its node or cluster, and what they reach there.</summary>
internal static class SlotNames
{
    private static readonly Argument<string> Slot = SlotName.Argument();
    private static readonly Option<string[]> Name = Shell.Given<string[]>("--name", "dns:name=service", "option.name.slot");
    private static readonly Option<bool> None = Shell.Flag("--none");

    public static Command Build(Shell shell) => shell.Verb("slot names", [Slot, Name, None], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var given = call.Value(Name) ?? [];
        if (given.Length > 0 == call.Value(None))
        {
            throw new Stop(ExitCode.Usage, "names_or_none");
        }

        var names = given.Select(Read).ToList();
        var client = call.Connect();
        var slot = await SlotName.Find(client, call.Needed(Slot), ct);
        var now = await client.SaveSlotNames(slot.Id, new SaveServedNames { Names = names }, ct);
        call.Screen.Show(now, ContractsJson.Default.SlotView, () =>
        {
            call.Screen.Line(names.Count == 0 ? Text.Of("done.slot-no-names") : Text.Of("done.slot-names", string.Join(", ", names.Select(n => n.Name))));
            call.Screen.Facts([(Text.Of("column.findings"), SlotText.Findings(now.Findings))]);
        });
        return ExitCode.Done;
    }

    private static ServedName Read(string given)
    {
        var cut = given.IndexOf('=', StringComparison.Ordinal);
        var (name, service) = cut < 0 ? (given, null) : (given[..cut], given[(cut + 1)..]);
        return new ServedName { Name = GivenNames.San("--name", name).ToString(), Service = string.IsNullOrWhiteSpace(service) ? null : service };
    }
}
