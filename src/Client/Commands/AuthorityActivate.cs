using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Client.SignIn;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign authority activate: lets a pending authority take over.</summary>
internal static class AuthorityActivate
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.authority");

    private static readonly Option<string?> Confirm = Shell.Given<string?>("--confirm", "number");

    public static Command Build(Shell shell) => shell.Verb("authority activate", [Id, Confirm], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var active = await call.Connect().Activate(call.Needed(Id), new ActivateAuthority { Confirm = call.Value(Confirm) }, ct);
        await Anchors.Refresh(call, ct);
        call.Screen.Show(active, ContractsJson.Default.AuthorityDetails, () => AuthorityText.Details(call.Screen, active));
        return ExitCode.Done;
    }
}
