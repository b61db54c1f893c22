using System.CommandLine;
using System.Text;
using Countersign.Client.Output;
using Countersign.Client.SignIn;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign authority import: certificate, chain and key from PEM or PKCS#12.</summary>
internal static class AuthorityImport
{
    private static readonly Argument<string> File = Shell.Needed("file", "argument.import");
    private static readonly Option<string?> KeyUri = Shell.Given<string?>("--key-uri", "pkcs11:...");
    private static readonly Option<string?> PasswordFile = Shell.Given<string?>("--password-file", "file");
    private static readonly Option<string?> Second = Shell.Given<string?>("--second", "file");
    private static readonly Option<string?> SecondPasswordFile = Shell.Given<string?>("--second-password-file", "file");
    private static readonly Option<string?> Crl = Shell.Given<string?>("--crl", "file");
    private static readonly Option<bool> Forget = Shell.Flag("--forget-revocations");
    private static readonly Option<string?> PassphraseFile = Shell.Given<string?>("--root-passphrase-file", "file");
    private static readonly Option<string?> Mode = Shell.Choice("--mode", "first", "replace", "rollover");
    private static readonly Option<string?> Confirm = Shell.Given<string?>("--confirm", "number");
    private static readonly Option<bool> Later = Shell.Flag("--later");

    public static Command Build(Shell shell) => shell.Verb("authority import", [File, KeyUri, PasswordFile, Second, SecondPasswordFile, Crl, Forget, PassphraseFile, Mode, Confirm, Later], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var (pem, pkcs12) = await Read(call, call.Needed(File), ct);
        var (secondPem, secondPkcs12) = call.Value(Second) is { } second ? await Read(call, second, ct) : (null, null);
        var body = new ImportAuthority
        {
            Pem = pem + secondPem,
            Pkcs12 = pkcs12,
            SecondPkcs12 = secondPkcs12,
            KeyUri = call.Value(KeyUri),
            Password = Ask.SecretOrNone(call.Surroundings, call.Value(PasswordFile), Text.Of("ask.file-password")),
            SecondPassword = call.Value(SecondPasswordFile) is { } secondPassword ? Ask.SecretOrNone(call.Surroundings, secondPassword, "") : null,
            Crl = call.Value(Crl) is { } list ? InputFile.PemOrBase64(await InputFile.Bytes(call.Surroundings, list, ct)) : null,
            ForgetRevocations = call.Value(Forget) ? "forget" : null,
            RootPassphrase = call.Value(PassphraseFile) is { } file ? Ask.SecretOrNone(call.Surroundings, file, "") : null,
            Mode = Enum.Parse<ReplacementMode>(call.Value(Mode) ?? "first", ignoreCase: true),
            Confirm = call.Value(Confirm),
            ActivateNow = !call.Value(Later),
        };
        var imported = await client.ImportAuthority(body, ct);
        await Anchors.Refresh(call, ct);
        call.Screen.Show(imported, ContractsJson.Default.AuthorityDetails, () => AuthorityText.Details(call.Screen, imported));
        return ExitCode.Done;
    }

    private static async Task<(string? Pem, string? Pkcs12)> Read(Call call, string name, CancellationToken ct)
    {
        var content = await InputFile.Bytes(call.Surroundings, name, ct);
        return content.AsSpan().IndexOf("-----BEGIN "u8) >= 0 ? (Encoding.UTF8.GetString(content) + "\n", null) : (null, Convert.ToBase64String(content));
    }
}
