using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign certificate download: to a file or standard output.</summary>
internal static class CertificateDownload
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.certificate");
    private static readonly Option<string?> Format = Shell.Choice("--format", "pem", "der", "pkcs7", "chain");
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file");

    public static Command Build(Shell shell) => shell.Verb("certificate download", [Id, Format, Out], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var format = Enum.Parse<CertificateFormat>(call.Value(Format) ?? "pem", ignoreCase: true);
        var file = call.Value(Out);
        if (file is null && call.Surroundings.Terminal && format is (CertificateFormat.Der or CertificateFormat.Pkcs7))
        {
            throw new Stop(ExitCode.Usage, "binary_to_terminal", call.Needed(Id), call.Value(Format));
        }
        var content = await call.Connect().Download(call.Needed(Id), format, ct);
        if (file is null)
        {
            await call.Surroundings.BinaryOut.WriteAsync(content, ct);
            await call.Surroundings.BinaryOut.FlushAsync(ct);
            return ExitCode.Done;
        }
        await File.WriteAllBytesAsync(file, content, ct);
        call.Screen.Show(new Answer { File = file, Id = call.Needed(Id) }, OutputJson.Default.Answer, () => call.Screen.Line(Text.Of("done.certificate-file", file)));
        return ExitCode.Done;
    }
}
