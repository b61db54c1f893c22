using System.CommandLine;
using System.Text;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign token create: an API token; its secret is shown once or written to a private file.</summary>
internal static class TokenCreate
{
    private static readonly Argument<string> Name = Shell.Needed("name", "argument.token-name");
    private static readonly Option<string[]> Scope = Shell.Given<string[]>("--scope", "scope");
    private static readonly Option<string?> Role = Shell.Choice("--role", "PrimaryAdministrator", "CaOfficer", "Operator", "HelpDesk", "Auditor");
    private static readonly Option<string[]> Allow = Shell.Given<string[]>("--allow", "name", "option.allow.token");
    private static readonly Option<int?> Days = Shell.Number("--days", "days");
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file", "option.out.secret");

    public static Command Build(Shell shell)
    {
        Scope.AllowMultipleArgumentsPerToken = true;
        return shell.Verb("token create", [Name, Role, Scope, Allow, Days, Out], Run);
    }

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var file = call.Value(Out);
        if (file is not null)
        {
            PrivateFile.EnsurePlace(file, "file_exists");
        }

        var wanted = new CreateToken
        {
            Name = call.Needed(Name),
            Role = call.Value(Role),
            Scopes = call.Value(Scope) ?? [],
            AllowedNames = call.Value(Allow) ?? [],
            Days = call.Value(Days),
        };
        var made = await call.Connect().CreateToken(wanted, ct);
        if (file is not null)
        {
            PrivateFile.Write(file, Encoding.ASCII.GetBytes(made.Secret + "\n"));
            made = made with { Secret = "" };
        }
        call.Screen.Show(made, ContractsJson.Default.CreatedToken, () =>
        {
            var until = call.Screen.Time(made.Token.ExpiresAt);
            if (file is not null)
            {
                call.Screen.Line(Text.Of("done.token-file", made.Token.Name, made.Token.Id, until, file));
                return;
            }

            call.Screen.Note(Text.Of("done.token", made.Token.Name, made.Token.Id, until));
            call.Screen.Line(made.Secret);
        });
        return ExitCode.Done;
    }
}
