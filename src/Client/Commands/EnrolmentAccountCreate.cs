using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign enrolment account create: a user name and password for devices that enrol by HTTP Basic.</summary>
internal static class EnrolmentAccountCreate
{
    private static readonly Argument<string> Name = Shell.Needed("name", "argument.account-name");
    private static readonly Option<string[]> Profile = Shell.Given<string[]>("--profile", "name", "option.profile.allowed");
    private static readonly Option<string[]> Allow = Shell.Given<string[]>("--allow", "name");
    private static readonly Option<string?> PasswordFile = Shell.Given<string?>("--password-file", "file", "option.password-file.account");

    public static Command Build(Shell shell)
    {
        Profile.Required = true;
        return shell.Verb("enrolment account create", [Name, Profile, Allow, PasswordFile], Run);
    }

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var made = await call.Connect().CreateEnrolmentAccount(
            new CreateEnrolmentAccount
            {
                Name = call.Needed(Name),
                Profiles = call.Value(Profile)!,
                AllowedNames = call.Value(Allow) ?? [],
                Password = call.Value(PasswordFile) is { } file ? Ask.SecretOrNone(call.Surroundings, file, "") : null,
            },
            ct);
        call.Screen.Show(made, ContractsJson.Default.CreatedEnrolmentAccount, () =>
        {
            call.Screen.Note(Text.Of("done.account", made.Account.Name, made.Account.Id));
            if (made.Secret is { } secret)
            {
                call.Screen.Line(secret);
            }
        });
        return ExitCode.Done;
    }
}
