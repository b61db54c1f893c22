using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign alert mute: silence for some hours; --for 0 ends it.</summary>
internal static class AlertMute
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.alert");
    private static readonly Option<int?> Hours = Shell.Number("--for", "hours", least: 0, most: 8760);

    public static Command Build(Shell shell) => shell.Verb("alert mute", [Id, Hours], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var hours = call.Value(Hours) ?? 24;
        var rule = await call.Connect().MuteAlert(call.Needed(Id), new MuteAlert { Until = hours == 0 ? null : call.Surroundings.Time.GetUtcNow().AddHours(hours) }, ct);
        call.Screen.Show(rule, ContractsJson.Default.AlertView, () =>
            call.Screen.Line(rule.MutedUntil is null ? Text.Of("done.alert-speaks", rule.Name) : Text.Of("done.alert-muted", rule.Name, call.Screen.Time(rule.MutedUntil))));
        return ExitCode.Done;
    }
}
