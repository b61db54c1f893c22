using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign certificate download: to a file or standard output.</summary>
internal static class CertificateDownload
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.certificate");
    private static readonly Option<string?> Format = Shell.Choice("--format", "pem", "der", "pkcs7", "chain");
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file");
    private static readonly Option<bool> Force = Shell.Flag("--force");

    public static Command Build(Shell shell) => shell.Verb("certificate download", [Id, Format, Out, Force], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var format = Enum.Parse<CertificateFormat>(call.Value(Format) ?? "pem", ignoreCase: true);
        var delivery = new Delivery(call, call.Value(Out), call.Value(Force));
        delivery.EnsurePossible(isBinary: format is CertificateFormat.Der or CertificateFormat.Pkcs7);
        return await delivery.Give(call.Needed(Id), await call.Connect().Download(call.Needed(Id), format, ct), ct);
    }
}
