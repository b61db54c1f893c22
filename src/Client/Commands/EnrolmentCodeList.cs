using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign enrolment code list: never with the codes themselves.</summary>
internal static class EnrolmentCodeList
{
    private static readonly Option<int?> Limit = Shell.Number("--limit", "rows");
    private static readonly Option<string?> After = Shell.Given<string?>("--after", "cursor");

    public static Command Build(Shell shell) => shell.Verb("enrolment code list", [Limit, After], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var page = await call.Connect().EnrolmentCodes(call.Value(Limit) ?? 50, call.Value(After), ct);
        call.Screen.Show(page, ContractsJson.Default.PageEnrolmentCodeView, () =>
        {
            call.Screen.Table(
                [Text.Of("column.id"), Text.Of("column.profile"), Text.Of("column.allowed"), Text.Of("column.requester"), Text.Of("column.expires"), Text.Of("column.used"), Text.Of("column.request")],
                page.Items.Select(c => new[] { c.Id, c.Profile, string.Join(' ', c.AllowedNames), c.Requester, call.Screen.Time(c.ExpiresAt), call.Screen.Time(c.UsedAt), c.RequestId }));
            if (page.Next is { } next)
            {
                call.Screen.Note(Text.Of("more", next));
            }
        });
        return ExitCode.Done;
    }
}
