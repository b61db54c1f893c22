using System.CommandLine;
using Countersign.Client.Output;

namespace Countersign.Client.Commands;

/// <summary>countersign enrolment code revoke: makes an unused code unusable.</summary>
internal static class EnrolmentCodeRevoke
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.code");

    public static Command Build(Shell shell) => shell.Verb("enrolment code revoke", [Id], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var id = call.Needed(Id);
        await call.Connect().RevokeEnrolmentCode(id, ct);
        call.Screen.Show(new Answer { Id = id }, OutputJson.Default.Answer, () => call.Screen.Line(Text.Of("done.code-revoked", id)));
        return ExitCode.Done;
    }
}
