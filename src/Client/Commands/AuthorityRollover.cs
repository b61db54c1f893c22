using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Client.SignIn;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign authority rollover: the next generation beside the present one.</summary>
internal static class AuthorityRollover
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.authority");
    private static readonly Option<string?> KeyType = Shell.Choice("--key-type", "ecP256", "ecP384", "rsa3072", "rsa4096");
    private static readonly Option<string?> IssuingKeyUri = Shell.Given<string?>("--issuing-key-uri", "pkcs11:...");
    private static readonly Option<int?> IssuingDays = Shell.Number("--issuing-days", "days");
    private static readonly Option<string?> PassphraseFile = Shell.Given<string?>("--root-passphrase-file", "file");

    public static Command Build(Shell shell) => shell.Verb("authority rollover", [Id, KeyType, IssuingKeyUri, IssuingDays, PassphraseFile], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var body = new RolloverAuthority
        {
            KeyType = call.Value(KeyType),
            IssuingKeyUri = call.Value(IssuingKeyUri),
            IssuingDays = call.Value(IssuingDays),
            RootPassphrase = Ask.SecretOrNone(call.Surroundings, call.Value(PassphraseFile), Text.Of("ask.root-passphrase")),
        };
        var next = await client.Rollover(call.Needed(Id), body, ct);
        await Anchors.Refresh(call, ct);
        call.Screen.Show(next, ContractsJson.Default.AuthorityDetails, () =>
        {
            AuthorityText.Details(call.Screen, next);
            call.Screen.Note(Text.Of("next", $"countersign authority show {call.Needed(Id)}"));
        });
        return ExitCode.Done;
    }
}
