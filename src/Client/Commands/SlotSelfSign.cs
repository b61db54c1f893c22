using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign slot self-sign: a certificate signed with its own key, for a lab.</summary>
internal static class SlotSelfSign
{
    private static readonly Argument<string> Slot = SlotName.Argument();
    private static readonly SlotFormOptions Form = new(withCsr: false);

    public static Command Build(Shell shell) => shell.Verb("slot self-sign", [Slot, .. Form.Options], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var slot = await SlotName.Find(client, call.Needed(Slot), ct);
        var made = await client.GenerateForSlot(slot.Id, await Form.Read(call, client, slot.Id, SlotMaking.SelfSigned, ct), ct);
        call.Screen.Show(made, ContractsJson.Default.SlotGenerated, () =>
        {
            SlotGenerate.Hints(call, made);
            SlotText.Details(call.Screen, made.Slot, open: null);
            SlotShow.Next(call, call.Needed(Slot), made.Slot);
        });
        return ExitCode.Done;
    }
}
