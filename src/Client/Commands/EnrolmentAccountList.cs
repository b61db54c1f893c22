using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign enrolment account list.</summary>
internal static class EnrolmentAccountList
{
    public static Command Build(Shell shell) => shell.Verb("enrolment account list", [], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var all = await call.Connect().EnrolmentAccounts(ct);
        call.Screen.Show(all, ContractsJson.Default.IReadOnlyListEnrolmentAccountView, () => call.Screen.Table(
            [Text.Of("column.id"), Text.Of("column.name"), Text.Of("column.profiles"), Text.Of("column.allowed"), Text.Of("column.enabled"), Text.Of("column.used")],
            all.Select(a => new[]
            {
                a.Id, a.Name, string.Join(' ', a.Profiles), string.Join(' ', a.AllowedNames), Text.Of(a.Enabled ? "yes" : "no"), call.Screen.Time(a.LastUsedAt),
            })));
        return ExitCode.Done;
    }
}
