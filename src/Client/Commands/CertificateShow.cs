using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign certificate show: every field.</summary>
internal static class CertificateShow
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.certificate");

    public static Command Build(Shell shell) => shell.Verb("certificate show", [Id], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var certificate = await call.Connect().Certificate(call.Needed(Id), ct);
        call.Screen.Show(certificate, ContractsJson.Default.CertificateDetails, () => CertificateText.Details(call.Screen, certificate));
        return ExitCode.Done;
    }
}
