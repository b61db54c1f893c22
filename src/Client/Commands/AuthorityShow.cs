using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign authority show: all authorities, or one with its certificate.</summary>
internal static class AuthorityShow
{
    private static readonly Argument<string?> Id = Shell.Optional("id", "argument.authority.optional");

    public static Command Build(Shell shell) => shell.Verb("authority show", [Id], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        if (call.Value(Id) is { } id)
        {
            var authority = await call.Connect().Authority(id, ct);
            call.Screen.Show(authority, ContractsJson.Default.AuthorityDetails, () => AuthorityText.Details(call.Screen, authority));
            return ExitCode.Done;
        }
        var all = await call.Connect().Authorities(ct);
        call.Screen.Show(all, ContractsJson.Default.IReadOnlyListAuthorityView, () => AuthorityText.List(call.Screen, all));
        return ExitCode.Done;
    }
}
