using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign slot form: what the next certificate would be asked for with, and what else is offered.</summary>
internal static class SlotFormShow
{
    private static readonly Argument<string> Slot = SlotName.Argument();

    public static Command Build(Shell shell) => shell.Verb("slot form", [Slot], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var form = await client.SlotForm((await SlotName.Find(client, call.Needed(Slot), ct)).Id, ct);
        call.Screen.Show(form, ContractsJson.Default.SlotFormView, () => SlotText.Form(call.Screen, form));
        return ExitCode.Done;
    }
}
