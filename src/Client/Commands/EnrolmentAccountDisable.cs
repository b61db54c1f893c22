using System.CommandLine;
using Countersign.Client.Output;

namespace Countersign.Client.Commands;

/// <summary>countersign enrolment account disable.</summary>
internal static class EnrolmentAccountDisable
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.account");

    public static Command Build(Shell shell) => shell.Verb("enrolment account disable", [Id], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var id = call.Needed(Id);
        await call.Connect().DisableEnrolmentAccount(id, ct);
        call.Screen.Show(new Answer { Id = id }, OutputJson.Default.Answer, () => call.Screen.Line(Text.Of("done.account-disabled", id)));
        return ExitCode.Done;
    }
}
