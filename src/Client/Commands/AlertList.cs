using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign alert list: which events are sent where.</summary>
internal static class AlertList
{
    public static Command Build(Shell shell) => shell.Verb("alert list", [], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var all = await call.Connect().Alerts(ct);
        call.Screen.Show(all, ContractsJson.Default.IReadOnlyListAlertView, () => call.Screen.Table(
            [Text.Of("column.id"), Text.Of("column.name"), Text.Of("column.severity"), Text.Of("column.target"), Text.Of("column.to"), Text.Of("column.waiting"), Text.Of("column.muted"), Text.Of("column.failing"), Text.Of("column.why")],
            all.Select(a => new[]
            {
                a.Id, a.Name, a.LeastSeverity.ToString(), a.Target.ToString(), a.Address, a.Waiting.ToString(System.Globalization.CultureInfo.InvariantCulture),
                call.Screen.Time(a.MutedUntil), call.Screen.Time(a.FailingSince), a.LastError,
            })));
        return ExitCode.Done;
    }
}
