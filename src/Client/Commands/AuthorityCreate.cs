using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Client.SignIn;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign authority create: a root and an issuing authority under it.</summary>
internal static class AuthorityCreate
{
    private static readonly AuthorityName Name = new();
    private static readonly Option<string?> KeyType = Shell.Choice("--key-type", "ecP256", "ecP384", "rsa3072", "rsa4096");
    private static readonly Option<string?> IssuingKeyUri = Shell.Given<string?>("--issuing-key-uri", "pkcs11:...");
    private static readonly Option<string?> RootKeyUri = Shell.Given<string?>("--root-key-uri", "pkcs11:...");
    private static readonly Option<int?> RootDays = Shell.Number("--root-days", "days");
    private static readonly Option<int?> IssuingDays = Shell.Number("--issuing-days", "days");
    private static readonly Option<string?> PassphraseFile = Shell.Given<string?>("--root-passphrase-file", "file");
    private static readonly Option<string[]> Permit = Shell.Given<string[]>("--permit", "dns:example.test");
    private static readonly Option<string?> Mode = Shell.Choice("--mode", "first", "replace", "rollover");
    private static readonly Option<string?> Confirm = Shell.Given<string?>("--confirm", "number");
    private static readonly Option<bool> Later = Shell.Flag("--later");

    public static Command Build(Shell shell) => shell.Verb(
        "authority create", [.. Name.Options, KeyType, IssuingKeyUri, RootKeyUri, RootDays, IssuingDays, PassphraseFile, Permit, Mode, Confirm, Later], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var body = new CreateAuthority
        {
            Subject = Name.Read(call),
            KeyType = call.Value(KeyType),
            IssuingKeyUri = call.Value(IssuingKeyUri),
            RootKeyUri = call.Value(RootKeyUri),
            RootDays = call.Value(RootDays),
            IssuingDays = call.Value(IssuingDays),
            RootPassphrase = call.Value(RootKeyUri) is not null ? null : Ask.SecretOrNone(call.Surroundings, call.Value(PassphraseFile), Text.Of("ask.root-passphrase")),
            PermittedNames = call.Value(Permit) is { Length: > 0 } names ? names : null,
            Mode = Enum.Parse<ReplacementMode>(call.Value(Mode) ?? "first", ignoreCase: true),
            Confirm = call.Value(Confirm),
            ActivateNow = !call.Value(Later),
        };
        var made = await client.CreateAuthority(body, ct);
        await Anchors.Refresh(call, ct);
        call.Screen.Show(made, ContractsJson.Default.AuthorityDetails, () => AuthorityText.Details(call.Screen, made));
        return ExitCode.Done;
    }
}
