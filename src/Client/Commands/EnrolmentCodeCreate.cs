using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign enrolment code create: lets one device enrol once.</summary>
internal static class EnrolmentCodeCreate
{
    private static readonly Option<string?> Profile = Shell.Given<string?>("--profile", "name");
    private static readonly Option<string[]> Allow = Shell.Given<string[]>("--allow", "name");
    private static readonly Option<string?> Requester = Shell.Given<string?>("--requester", "name");
    private static readonly Option<int?> Hours = Shell.Number("--hours", "hours");
    private static readonly Option<bool> Automatic = Shell.Flag("--automatic");

    public static Command Build(Shell shell)
    {
        Profile.Required = true;
        return shell.Verb("enrolment code create", [Profile, Allow, Requester, Hours, Automatic], Run);
    }

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var made = await call.Connect().CreateEnrolmentCode(
            new CreateEnrolmentCode
            {
                Profile = call.Value(Profile)!,
                AllowedNames = call.Value(Allow) ?? [],
                Requester = call.Value(Requester),
                Hours = call.Value(Hours),
                ApprovesByRule = call.Value(Automatic),
            },
            ct);
        call.Screen.Show(made, ContractsJson.Default.CreatedEnrolmentCode, () =>
        {
            call.Screen.Note(Text.Of("done.code", made.Code.Id, made.Code.Profile, call.Screen.Time(made.Code.ExpiresAt)));
            call.Screen.Line(made.Secret);
        });
        return ExitCode.Done;
    }
}
