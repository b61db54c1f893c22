using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign authority sign-lists: opens a root for the revocation lists of the next twelve months.</summary>
internal static class AuthoritySignLists
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.authority");
    private static readonly Option<string?> PassphraseFile = Shell.Given<string?>("--root-passphrase-file", "file", "option.root-passphrase-file.lists");

    public static Command Build(Shell shell) => shell.Verb("authority sign-lists", [Id, PassphraseFile], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var passphrase = Ask.SecretOrNone(call.Surroundings, call.Value(PassphraseFile), Text.Of("ask.root-passphrase"));
        var root = await client.SignRootLists(call.Needed(Id), new SignRootLists { RootPassphrase = passphrase }, ct);
        call.Screen.Show(root, ContractsJson.Default.AuthorityDetails, () => AuthorityText.Details(call.Screen, root));
        return ExitCode.Done;
    }
}
