using System.CommandLine;
using Countersign.Client.Output;

namespace Countersign.Client.Commands;

/// <summary>countersign token revoke: ends a token at once.</summary>
internal static class TokenRevoke
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.token");

    public static Command Build(Shell shell) => shell.Verb("token revoke", [Id], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var id = call.Needed(Id);
        await call.Connect().RevokeToken(id, ct);
        call.Screen.Show(new Answer { Id = id }, OutputJson.Default.Answer, () => call.Screen.Line(Text.Of("done.token-revoked", id)));
        return ExitCode.Done;
    }
}
