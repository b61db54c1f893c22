using System.CommandLine;
using Countersign.Client.Output;

namespace Countersign.Client.Commands;

/// <summary>countersign slot download: the public part of what is in use, else of what waits. Never a key.</summary>
internal static class SlotDownload
{
    private static readonly Argument<string> Slot = SlotName.Argument();
    private static readonly Option<string?> Format = Shell.ChoiceSaying("--format", "option.format.slot", "der", "pem", "chain");
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file");
    private static readonly Option<bool> Force = Shell.Flag("--force");

    public static Command Build(Shell shell) => shell.Verb("slot download", [Slot, Format, Out, Force], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var format = call.Value(Format) ?? "der";
        var delivery = new Delivery(call, call.Value(Out), call.Value(Force));
        delivery.EnsurePossible(isBinary: format == "der");
        var client = call.Connect();
        var slot = await SlotName.Find(client, call.Needed(Slot), ct);
        return (slot.Active ?? slot.Pending) is null
            ? throw new Stop(ExitCode.NotFound, "slot_empty", Typed.Of(call.Needed(Slot)))
            : await delivery.Give(slot.Id, await client.DownloadFromSlot(slot.Id, format, ct), ct);
    }
}
