using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign authority retire: ends the trust in a former generation.</summary>
internal static class AuthorityRetire
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.authority");
    private static readonly Option<string?> Confirm = Shell.Given<string?>("--confirm", "number");
    private static readonly Option<bool> Compromised = Shell.Flag("--compromised");
    private static readonly Option<string?> PassphraseFile = Shell.Given<string?>("--root-passphrase-file", "file", "option.root-passphrase-file.retire");

    public static Command Build(Shell shell) => shell.Verb("authority retire", [Id, Confirm, Compromised, PassphraseFile], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var body = new RetireAuthority
        {
            Confirm = call.Value(Confirm),
            Compromised = call.Value(Compromised),
            RootPassphrase = call.Value(PassphraseFile) is { } file ? Ask.SecretOrNone(call.Surroundings, file, "") : null,
        };
        var retired = await call.Connect().Retire(call.Needed(Id), body, ct);
        call.Screen.Show(retired, ContractsJson.Default.AuthorityDetails, () => AuthorityText.Details(call.Screen, retired));
        return ExitCode.Done;
    }
}
