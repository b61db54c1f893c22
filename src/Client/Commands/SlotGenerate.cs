using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign slot generate: a certificate of this server's authority.</summary>
internal static class SlotGenerate
{
    private static readonly Argument<string> Slot = SlotName.Argument();
    private static readonly SlotFormOptions Form = new(withCsr: true);

    public static Command Build(Shell shell) => shell.Verb("slot generate", [Slot, .. Form.Options], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var slot = await SlotName.Find(client, call.Needed(Slot), ct);
        var made = await client.GenerateForSlot(slot.Id, await Form.Read(call, client, slot.Id, SlotMaking.Certificate, ct), ct);
        call.Screen.Show(made, ContractsJson.Default.SlotGenerated, () => Show(call, made));
        return ExitCode.Done;
    }

    public static void Show(Call call, SlotGenerated made)
    {
        Hints(call, made);
        if (made.RequestId is { } queued)
        {
            call.Screen.Line(Text.Of("slot.queued", queued));
            call.Screen.Note(Text.Of("next", Text.Of("next.request.decide", queued)));
            return;
        }

        SlotText.Details(call.Screen, made.Slot, open: null);
        SlotShow.Next(call, call.Needed(Slot), made.Slot);
    }

    /// <summary>What is worth another look.</summary>
    public static void Hints(Call call, SlotGenerated made)
    {
        if (made.Hints.Count > 0)
        {
            call.Screen.Note(SlotText.Findings(made.Hints));
        }
    }
}
