using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign alert test: sends a test now and says what came of it.</summary>
internal static class AlertTry
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.alert");

    public static Command Build(Shell shell) => shell.Verb("alert test", [Id], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var outcome = await call.Connect().TestAlert(call.Needed(Id), ct);
        call.Screen.Show(outcome, ContractsJson.Default.AlertTest, () => call.Screen.Line(Text.Of(outcome.Delivered ? "done.alert-delivered" : "done.alert-undelivered", outcome.Text)));
        return outcome.Delivered ? ExitCode.Done : ExitCode.Refused;
    }
}
