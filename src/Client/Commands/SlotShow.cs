using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign slot show: every field of what is in use and of what waits, and in words what is not as it should be.</summary>
internal static class SlotShow
{
    private static readonly Argument<string> Slot = SlotName.Argument();

    public static Command Build(Shell shell) => shell.Verb("slot show", [Slot], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var slot = await SlotName.Find(client, call.Needed(Slot), ct);
        var open = slot.HasOpenRequest && !call.Screen.Json ? await client.SlotRequest(slot.Id, ct) : null;
        call.Screen.Show(slot, ContractsJson.Default.SlotView, () =>
        {
            SlotText.Details(call.Screen, slot, open);
            Next(call, call.Needed(Slot), slot);
        });
        return ExitCode.Done;
    }

    /// <summary>The command that takes a slot on.</summary>
    /// <param name="named">The slot as it was named.</param>
    public static void Next(Call call, string named, SlotView slot)
    {
        var step = slot.Pending is not null ? "next.slot.activate" : slot.HasOpenRequest ? "next.slot.order" : slot.Active is null ? "next.slot.empty" : null;
        if (step is not null)
        {
            call.Screen.Note(Text.Of("next", Text.Of(step, Typed.Of(named))));
        }
    }
}
