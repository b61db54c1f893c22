using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign authority retire: ends the trust in a former generation.</summary>
internal static class AuthorityRetire
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.authority");
    private static readonly Option<string?> Confirm = Shell.Given<string?>("--confirm", "number");

    public static Command Build(Shell shell) => shell.Verb("authority retire", [Id, Confirm], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var retired = await call.Connect().Retire(call.Needed(Id), new RetireAuthority { Confirm = call.Value(Confirm) }, ct);
        call.Screen.Show(retired, ContractsJson.Default.AuthorityDetails, () => AuthorityText.Details(call.Screen, retired));
        return ExitCode.Done;
    }
}
