using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign profile list: what may be issued.</summary>
internal static class ProfileList
{
    public static Command Build(Shell shell) => shell.Verb("profile list", [], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var all = await call.Connect().Profiles(ct);
        call.Screen.Show(all, ContractsJson.Default.IReadOnlyListProfileView, () => call.Screen.Table(
            [Text.Of("column.name"), Text.Of("column.title"), Text.Of("column.eku"), Text.Of("column.keys"), Text.Of("column.validity"), Text.Of("column.approvals")],
            all.Select(p => new[]
            {
                p.Name, p.Title, string.Join(", ", p.Ekus), string.Join(", ", p.AllowedKeys), Text.Of("days", p.ValidityDays), p.Automatic ? Text.Of("automatic") : $"{p.ApprovalsNeeded}",
            })));
        return ExitCode.Done;
    }
}
