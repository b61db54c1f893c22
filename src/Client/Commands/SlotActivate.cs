using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign slot activate: the certificate that waits is in use, because the server sees it on every port or a person has.</summary>
internal static class SlotActivate
{
    private static readonly Argument<string> Slot = SlotName.Argument();
    private static readonly Option<bool> Seen = Shell.Flag("--seen");

    public static Command Build(Shell shell) => shell.Verb("slot activate", [Slot, Seen], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var slot = await SlotName.Find(client, call.Needed(Slot), ct);
        var waiting = slot.Pending ?? throw new Stop(ExitCode.NotFound, "nothing_waits", Typed.Of(call.Needed(Slot)));
        var now = await client.ActivateInstallation(waiting.Id, new ActivateInstallation { SeenByHand = call.Value(Seen) }, ct);
        call.Screen.Show(now, ContractsJson.Default.SlotView, () => SlotText.Details(call.Screen, now, open: null));
        return ExitCode.Done;
    }
}
