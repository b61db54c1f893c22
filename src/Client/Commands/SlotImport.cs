using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;
using Countersign.Pki;

namespace Countersign.Client.Commands;

/// <summary>countersign slot import: whatever a vendor sent, in any order and any number of files.</summary>
internal static class SlotImport
{
    private static readonly Argument<string> Slot = SlotName.Argument();
    private static readonly Argument<string[]> Files = new("file") { Description = Text.Of("argument.slot-files"), Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> PasswordFile = Shell.Given<string?>("--password-file", "file");
    private static readonly Option<bool> Acknowledge = Shell.Flag("--acknowledge");

    public static Command Build(Shell shell) => shell.Verb("slot import", [Slot, Files, PasswordFile, Acknowledge], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var parts = new List<ImportedPart>();
        foreach (var file in call.Needed(Files))
        {
            parts.Add(new ImportedPart { Name = file == "-" ? Text.Of("standard-input") : Path.GetFileName(file), Content = await InputFile.Bytes(call.Surroundings, file, ct) });
        }

        var password = call.Value(PasswordFile) is { } secret ? Ask.SecretOrNone(call.Surroundings, secret, "") : null;
        var client = call.Connect();
        var slot = await SlotName.Find(client, call.Needed(Slot), ct);
        var body = new ImportIntoSlot { Files = parts, Password = password, Acknowledged = call.Value(Acknowledge) };
        var now = await Import(call, client, slot.Id, body, ct);
        call.Screen.Show(now, ContractsJson.Default.SlotView, () =>
        {
            SlotText.Details(call.Screen, now, open: null);
            SlotShow.Next(call, call.Needed(Slot), now);
        });
        return ExitCode.Done;
    }

    /// <summary>Most files have no password: it is asked for once the server misses it.</summary>
    private static async Task<SlotView> Import(Call call, CountersignClient client, string slotId, ImportIntoSlot body, CancellationToken ct)
    {
        try
        {
            return await client.ImportIntoSlot(slotId, body, ct);
        }
        catch (ProblemException missing) when (missing.Code == Refusal.BadPassword && body.Password is null && call.Surroundings.CanAsk)
        {
            return await client.ImportIntoSlot(slotId, body with { Password = Ask.Secret(call.Surroundings, Text.Of("ask.file-password")) }, ct);
        }
    }
}
