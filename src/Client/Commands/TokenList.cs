using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign token list: never with secrets.</summary>
internal static class TokenList
{
    public static Command Build(Shell shell) => shell.Verb("token list", [], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var all = await call.Connect().Tokens(ct);
        call.Screen.Show(all, ContractsJson.Default.IReadOnlyListTokenView, () => call.Screen.Table(
            [Text.Of("column.id"), Text.Of("column.name"), Text.Of("column.scopes"), Text.Of("column.expires"), Text.Of("column.used"), Text.Of("column.revoked")],
            all.Select(t => new[] { t.Id, t.Name, string.Join(' ', t.Scopes), call.Screen.Time(t.ExpiresAt), call.Screen.Time(t.LastUsedAt), call.Screen.Time(t.RevokedAt) })));
        return ExitCode.Done;
    }
}
