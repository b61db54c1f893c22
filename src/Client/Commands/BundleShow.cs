using System.CommandLine;
using Countersign.Client.Output;
using Countersign.TlsChecks.Bundles;

namespace Countersign.Client.Commands;

/// <summary>countersign bundle show: what is in a file, in words. Of a private key only what everybody may know.</summary>
internal static class BundleShow
{
    private static readonly Argument<string> Source = Shell.Needed("file", "argument.parts");
    private static readonly Option<string?> PasswordFile = Shell.Given<string?>("--password-file", "file");

    public static Command Build(Shell shell) => shell.Verb("bundle show", [Source, PasswordFile], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var parts = await Read(call, call.Needed(Source), call.Value(PasswordFile), ct);
        try
        {
            var answer = new PartsAnswer(call.Needed(Source), [.. parts.Select(PartText.Of)]);
            call.Screen.Show(answer, OutputJson.Default.PartsAnswer, () => PartText.Show(call.Screen, answer));
            return ExitCode.Done;
        }
        finally
        {
            foreach (var part in parts)
            {
                part.Dispose();
            }
        }
    }

    /// <summary>The parts of a file; a password is looked for only where one is named.</summary>
    public static async Task<IReadOnlyList<FilePart>> Read(Call call, string file, string? passwordFile, CancellationToken ct)
    {
        var password = passwordFile is null ? null : PrivateFile.Read(passwordFile, "secret_readable").TrimEnd('\r', '\n');
        return FilePart.ReadAll(await InputFile.Bytes(call.Surroundings, file, ct), password);
    }
}
