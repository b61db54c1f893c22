using System.CommandLine;
using System.Text;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign token create: an API token; its secret is shown once or written to a private file.</summary>
internal static class TokenCreate
{
    private static readonly Argument<string> Name = Shell.Needed("name", "argument.token-name");
    private static readonly Option<string[]> Scope = Shell.Given<string[]>("--scope", "scope");
    private static readonly Option<int?> Days = Shell.Given<int?>("--days", "days");
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file", "option.out.secret");

    public static Command Build(Shell shell)
    {
        Scope.Required = true;
        Scope.AllowMultipleArgumentsPerToken = true;
        return shell.Verb("token create", [Name, Scope, Days, Out], Run);
    }

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var file = call.Value(Out);
        if (file is not null && File.Exists(file))
        {
            throw new Stop(ExitCode.LocalFile, "file_exists", file);
        }
        var made = await call.Connect().CreateToken(new CreateToken { Name = call.Needed(Name), Scopes = call.Value(Scope)!, Days = call.Value(Days) }, ct);
        if (file is not null)
        {
            PrivateFile.Write(file, Encoding.ASCII.GetBytes(made.Secret + "\n"));
            made = made with { Secret = "" };
        }
        call.Screen.Show(made, ContractsJson.Default.CreatedToken, () =>
        {
            call.Screen.Note(Text.Of("done.token", made.Token.Name, made.Token.Id, call.Screen.Time(made.Token.ExpiresAt)));
            call.Screen.Line(file is null ? made.Secret : Text.Of("done.secret-file", file));
        });
        return ExitCode.Done;
    }
}
