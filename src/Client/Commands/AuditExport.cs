using System.CommandLine;
using Countersign.Client.Output;

namespace Countersign.Client.Commands;

/// <summary>countersign audit export: the whole log, one JSON object per line.</summary>
internal static class AuditExport
{
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file", "option.out.audit");
    private static readonly Option<bool> Force = Shell.Flag("--force");

    public static Command Build(Shell shell) => shell.Verb("audit export", [Out, Force], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        OutputFile.EnsurePlace(call.Value(Out), call.Value(Force));
        var client = call.Connect();
        if (call.Value(Out) is not { } file)
        {
            await client.ExportAudit(call.Surroundings.BinaryOut, ct);
            await call.Surroundings.BinaryOut.FlushAsync(ct);
            return ExitCode.Done;
        }
        await OutputFile.Write(file, call.Value(Force), to => client.ExportAudit(to, ct));
        call.Screen.Show(new Answer { File = file }, OutputJson.Default.Answer, () =>
        {
            call.Screen.Line(Text.Of("done.audit", file));
            call.Screen.Note(Text.Of("next", $"countersign audit verify {file}"));
        });
        return ExitCode.Done;
    }
}
