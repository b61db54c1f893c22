using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Countersign.Client.Output;
using Countersign.Pki.Cms;
using Countersign.Pki.Pem;
using Countersign.Pki.Pkcs12;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Bundles;

namespace Countersign.Client.Commands;

/// <summary>countersign bundle convert: the certificates of a file in another form, in their order; with PKCS#12 also their key.</summary>
internal static class BundleConvert
{
    private static readonly Argument<string> Source = Shell.Needed("file", "argument.parts");
    private static readonly Option<string?> To = Shell.ChoiceSaying("--to", "option.to.form", "pem", "der", "pkcs7", "pkcs12");
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file", "option.out.convert");
    private static readonly Option<string?> KeyFile = Shell.Given<string?>("--key", "file", "option.key.convert");
    private static readonly Option<string?> KeyOut = Shell.Given<string?>("--key-out", "file", "option.key-out.convert");
    private static readonly Option<string?> PasswordFile = Shell.Given<string?>("--password-file", "file");
    private static readonly Option<string?> OutPasswordFile = Shell.Given<string?>("--out-password-file", "file");
    private static readonly Option<bool> Force = Shell.Flag("--force");

    public static Command Build(Shell shell) => shell.Verb("bundle convert", [Source, To, Out, KeyFile, KeyOut, PasswordFile, OutPasswordFile, Force], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var file = call.Value(Out) ?? throw new Stop(ExitCode.Usage, "out_needed");
        OutputFile.EnsurePlace(file, call.Value(Force));
        if (call.Value(KeyOut) is { } place)
        {
            PrivateFile.EnsurePlace(place, "key_exists");
        }

        var parts = new List<FilePart>();
        try
        {
            parts.AddRange(await BundleShow.Read(call, call.Needed(Source), call.Value(PasswordFile), ct));
            parts.AddRange(call.Value(KeyFile) is { } own ? await BundleShow.Read(call, own, call.Value(PasswordFile), ct) : []);
            await Write(call, file, [.. parts.Where(p => p.Certificate is not null).Select(p => p.Certificate!).DistinctBy(c => c.Sha256)], parts.Find(p => p.Key is not null)?.Key, ct);
        }
        finally
        {
            parts.ForEach(p => p.Dispose());
        }

        call.Screen.Show(new Answer { File = file }, OutputJson.Default.Answer, () => call.Screen.Line(Text.Of("done.certificate-file", file)));
        return ExitCode.Done;
    }

    private static async Task Write(Call call, string file, List<Certificate> certificates, PrivateKeyFile? key, CancellationToken ct)
    {
        if (certificates.Count == 0)
        {
            throw new Stop(ExitCode.LocalFile, "no_certificate_inside", call.Needed(Source));
        }

        if (call.Value(KeyOut) is not null && key is null)
        {
            throw new Stop(ExitCode.LocalFile, "no_key_inside", call.Needed(Source)); // before anything is written
        }

        var form = call.Value(To) ?? "pem";
        if (form == "pkcs12")
        {
            await OutputFile.Write(file, call.Value(Force), Pkcs12(call, certificates, key), ct);
        }
        else
        {
            await OutputFile.Write(file, call.Value(Force), form switch
            {
                "der" => certificates is [var one] ? one.Der.ToArray() : throw new Stop(ExitCode.Usage, "der_is_one", call.Needed(Source), certificates.Count),
                "pkcs7" => CertsOnly.Write(certificates),
                _ => Encoding.ASCII.GetBytes(string.Concat(certificates.Select(c => PemFile.Write("CERTIFICATE", c.Der.Span)))),
            }, ct);
        }

        if (call.Value(KeyOut) is { } place && key is not null)
        {
            var pkcs8 = key.ToPkcs8();
            PrivateFile.Write(place, Encoding.ASCII.GetBytes(PemFile.Write("PRIVATE KEY", pkcs8)));
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static byte[] Pkcs12(Call call, List<Certificate> certificates, PrivateKeyFile? key)
    {
        if (key is null)
        {
            throw new Stop(ExitCode.Usage, "key_needed");
        }

        var own = certificates.Find(c => c.Key.KeyBits.Span.SequenceEqual(key.PublicKey.KeyBits.Span));
        key.EnsureMatches(own ?? certificates[0]);
        var password = call.Value(OutPasswordFile) is { } named ? PrivateFile.Read(named, "secret_readable").TrimEnd('\r', '\n') : "";
        if (password.Length == 0)
        {
            throw new Stop(ExitCode.Usage, "out_password_needed");
        }

        var pkcs8 = key.ToPkcs8();
        try
        {
            return Pkcs12File.Write(pkcs8, [own!, .. certificates.Where(c => c != own)], password, own!.Subject.CommonName ?? "");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }
}
