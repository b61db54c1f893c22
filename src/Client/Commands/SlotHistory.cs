using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign slot history: what is and was in a slot, newest first.</summary>
internal static class SlotHistory
{
    private static readonly Argument<string> Slot = SlotName.Argument();

    public static Command Build(Shell shell) => shell.Verb("slot history", [Slot], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var all = await client.SlotHistory((await SlotName.Find(client, call.Needed(Slot), ct)).Id, ct);
        call.Screen.Show(all, ContractsJson.Default.IReadOnlyListInstallationView, () => SlotText.History(call.Screen, all));
        return ExitCode.Done;
    }
}
