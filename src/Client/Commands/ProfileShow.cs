using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign profile show: one issuing profile with its rules.</summary>
internal static class ProfileShow
{
    private static readonly Argument<string> Name = Shell.Needed("name", "argument.profile");

    public static Command Build(Shell shell) => shell.Verb("profile show", [Name], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var p = await call.Connect().Profile(call.Needed(Name), ct);
        call.Screen.Show(p, ContractsJson.Default.ProfileView, () => call.Screen.Facts(
        [
            (Text.Of("column.name"), p.Name),
            (Text.Of("column.title"), p.Title),
            (Text.Of("column.key-usage"), string.Join(", ", p.KeyUsages)),
            (Text.Of("column.eku"), string.Join(", ", p.Ekus)),
            (Text.Of("column.keys"), string.Join(", ", p.AllowedKeys)),
            (Text.Of("column.rsa"), p.MinimumRsaBits > 0 ? $"{p.MinimumRsaBits}" : null),
            (Text.Of("column.validity"), Text.Of("days", p.ValidityDays)),
            (Text.Of("column.approvals"), p.Automatic ? Text.Of("automatic") : $"{p.ApprovalsNeeded}"),
            (Text.Of("column.rules"), string.Join('\n', p.NameRules)),
        ]));
        return ExitCode.Done;
    }
}
