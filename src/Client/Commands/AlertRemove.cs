using System.CommandLine;
using Countersign.Client.Output;

namespace Countersign.Client.Commands;

/// <summary>countersign alert remove: with what waits.</summary>
internal static class AlertRemove
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.alert");

    public static Command Build(Shell shell) => shell.Verb("alert remove", [Id], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var id = call.Needed(Id);
        await call.Connect().RemoveAlert(id, ct);
        call.Screen.Show(new Answer { Id = id }, OutputJson.Default.Answer, () => call.Screen.Line(Text.Of("done.alert-removed", id)));
        return ExitCode.Done;
    }
}
