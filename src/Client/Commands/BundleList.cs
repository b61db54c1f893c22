using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.Client.Commands;

/// <summary>countersign bundle list: whom a bundle of roots names, each once for each time it is there.</summary>
internal static class BundleList
{
    private static readonly Argument<string?> Source = Shell.Optional("file", "argument.bundle");
    private static readonly Option<bool> OfSystem = Shell.Flag("--system");

    public static Command Build(Shell shell) => shell.Verb("bundle list", [Source, OfSystem], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var file = call.Value(Source);
        if (file is null != call.Value(OfSystem))
        {
            throw new Stop(ExitCode.Usage, "file_or_system");
        }

        file ??= TrustStore.SystemFile ?? throw new Stop(ExitCode.LocalFile, "no_system_bundle");
        var entries = Read(await InputFile.Bytes(call.Surroundings, file, ct));
        call.Screen.Show(new BundleListAnswer(file, entries.Count, entries), OutputJson.Default.BundleListAnswer, () =>
        {
            call.Screen.Table(
                [Text.Of("column.order"), Text.Of("column.subject"), Text.Of("column.not-after"), Text.Of("column.key"), "SHA-256"],
                entries.Select((e, i) => new[] { $"{i + 1}", e.Certificate?.Subject ?? Text.Of("bundle.unreadable", e.Fault), call.Screen.Time(e.Certificate?.NotAfter), e.Certificate?.Key, e.Certificate?.Sha256 }));
            call.Screen.Line(Text.Of("bundle.count", entries.Count, file));
        });
        return ExitCode.Done;
    }

    /// <summary>One that cannot be read is counted and named by its place: the others are there all the same.</summary>
    private static List<BundleEntry> Read(byte[] file)
    {
        if (file.AsSpan().IndexOf("-----BEGIN CERTIFICATE"u8) < 0)
        {
            return [.. Certificate.ReadBundle(file).Select(c => new BundleEntry(CheckText.Of(c), null))];
        }

        return [.. PemFile.Read(file).Where(b => b.Label == "CERTIFICATE").Select(Entry)];
    }

    private static BundleEntry Entry(PemBlock block)
    {
        try
        {
            return new BundleEntry(CheckText.Of(Certificate.Decode(block.Der)), null);
        }
        catch (RefusalException unreadable)
        {
            return new BundleEntry(null, unreadable.Detail);
        }
    }
}
