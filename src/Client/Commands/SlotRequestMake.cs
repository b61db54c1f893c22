using System.CommandLine;
using System.Text;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign slot request: a request for an outside authority, whose key stays on the server or on the appliance; or the one that is open.</summary>
internal static class SlotRequestMake
{
    private static readonly Argument<string> Slot = SlotName.Argument();
    private static readonly Option<bool> Open = Shell.Flag("--open");
    private static readonly SlotFormOptions Form = new(withCsr: true);
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file");
    private static readonly Option<bool> Force = Shell.Flag("--force");

    public static Command Build(Shell shell) => shell.Verb("slot request", [Slot, Open, .. Form.Options, Out, Force], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        if (call.Value(Open) && Form.IsGiven(call))
        {
            throw new Stop(ExitCode.Usage, "open_alone");
        }

        OutputFile.EnsurePlace(call.Value(Out), call.Value(Force));
        var client = call.Connect();
        var slot = await SlotName.Find(client, call.Needed(Slot), ct);
        if (call.Value(Open))
        {
            EnsureOpen(slot, call.Needed(Slot));
            var open = await client.SlotRequest(slot.Id, ct);
            await Write(call, open.CsrPem, ct);
            call.Screen.Show(open, ContractsJson.Default.SlotRequestView, () => Give(call, open.CsrPem));
            return ExitCode.Done;
        }

        var made = await client.GenerateForSlot(slot.Id, await Form.Read(call, client, slot.Id, SlotMaking.Request, ct), ct);
        await Write(call, made.CsrPem!, ct);
        call.Screen.Show(made, ContractsJson.Default.SlotGenerated, () =>
        {
            SlotGenerate.Hints(call, made);
            Give(call, made.CsrPem!);
        });
        return ExitCode.Done;
    }

    public static void EnsureOpen(SlotView slot, string named)
    {
        if (!slot.HasOpenRequest)
        {
            throw new Stop(ExitCode.NotFound, "no_open_request", Typed.Of(named));
        }
    }

    public static void Pem(Call call, string pem)
    {
        foreach (var line in pem.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            call.Screen.Line(line);
        }
    }

    private static Task Write(Call call, string pem, CancellationToken ct) =>
        call.Value(Out) is { } file ? OutputFile.Write(file, call.Value(Force), Encoding.ASCII.GetBytes(pem), ct) : Task.CompletedTask;

    private static void Give(Call call, string pem)
    {
        if (call.Value(Out) is { } file)
        {
            call.Screen.Line(Text.Of("done.certificate-file", file));
        }
        else
        {
            Pem(call, pem);
        }

        call.Screen.Note(Text.Of("next", Text.Of("next.slot.order", Typed.Of(call.Needed(Slot)))));
    }
}
