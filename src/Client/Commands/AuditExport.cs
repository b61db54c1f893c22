using System.CommandLine;
using Countersign.Client.Output;

namespace Countersign.Client.Commands;

/// <summary>countersign audit export: the whole log, one JSON object per line.</summary>
internal static class AuditExport
{
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file", "option.out.audit");

    public static Command Build(Shell shell) => shell.Verb("audit export", [Out], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        if (call.Value(Out) is not { } file)
        {
            await client.ExportAudit(call.Surroundings.BinaryOut, ct);
            await call.Surroundings.BinaryOut.FlushAsync(ct);
            return ExitCode.Done;
        }
        var draft = file + ".new";
        await using (var to = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            await client.ExportAudit(to, ct);
        }
        File.Move(draft, file, overwrite: true); // a broken download leaves no half file under the name asked for
        call.Screen.Show(new Answer { File = file }, OutputJson.Default.Answer, () =>
        {
            call.Screen.Line(Text.Of("done.audit", file));
            call.Screen.Note(Text.Of("next", $"countersign audit verify {file}"));
        });
        return ExitCode.Done;
    }
}
