using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign slot order-sheet: what is typed into an authority's order form.</summary>
internal static class SlotOrderSheet
{
    private static readonly Argument<string> Slot = SlotName.Argument();
    private static readonly Option<bool> Internal = Shell.Flag("--internal");

    public static Command Build(Shell shell) => shell.Verb("slot order-sheet", [Slot, Internal], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var slot = await SlotName.Find(client, call.Needed(Slot), ct);
        SlotRequestMake.EnsureOpen(slot, call.Needed(Slot));
        var sheet = await client.OrderSheet(slot.Id, call.Value(Internal) ? OrderFrom.InternalAuthority : OrderFrom.PublicAuthority, ct);
        call.Screen.Show(sheet, ContractsJson.Default.OrderSheet, () =>
        {
            call.Screen.Facts(
            [
                (Text.Of("column.product"), Text.Find("product." + sheet.Product) ?? sheet.Product),
                (Text.Of("column.sans"), string.Join('\n', sheet.Names)),
                (Text.Of("column.hash"), sheet.Hash),
                (Text.Of("column.server-software"), sheet.ServerType),
                (Text.Of("column.findings"), SlotText.Findings(sheet.Notices)),
            ]);
            SlotRequestMake.Pem(call, sheet.CsrPem); // at the margin: it is copied into a form
            call.Screen.Note(Text.Of("next", Text.Of("next.slot.import", Typed.Of(call.Needed(Slot)))));
        });
        return ExitCode.Done;
    }
}
