using System.CommandLine;
using System.Text;
using Countersign.Client.Output;
using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Pki.Requests;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Bundles;

namespace Countersign.Client.Commands;

/// <summary>countersign bundle sort: the certificates of a file, sorted, and each in a file of its own.</summary>
internal static class BundleSort
{
    private static readonly Argument<string> Source = Shell.Needed("file", "argument.bundle");
    private static readonly Option<string?> Split = Shell.Given<string?>("--split", "folder");
    private static readonly Option<bool> Force = Shell.Flag("--force", "option.force.split");

    public static Command Build(Shell shell) => shell.Verb("bundle sort", [Source, Split, Force], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var members = SortedBundle.Of(Read(call, await InputFile.Bytes(call.Surroundings, call.Needed(Source), ct)));
        var folder = call.Value(Split);
        var parts = members.Select((m, i) => new BundlePart(
            m.Role.ToString().ToLowerInvariant(), m.IsNeeded, m.Places, folder is null ? null : Path.Combine(folder, $"{i + 1}-{m.Role.ToString().ToLowerInvariant()}.pem"), CheckText.Of(m.Certificate))).ToList();
        if (folder is not null)
        {
            await Write(folder, members, parts, call.Value(Force), ct);
        }

        call.Screen.Show(new BundleAnswer(call.Needed(Source), parts), OutputJson.Default.BundleAnswer, () => call.Screen.Table(
            [Text.Of("column.order"), Text.Of("column.role"), Text.Of("column.subject"), Text.Of("column.issuer"), Text.Of("column.not-after"), Text.Of("column.places"), Text.Of("column.note"), Text.Of("column.file")],
            parts.Select((p, i) => new[] { $"{i + 1}", p.Role, p.Certificate.Subject, p.Certificate.Issuer, call.Screen.Time(p.Certificate.NotAfter), string.Join(", ", p.Places), Note(p), p.File })));
        return ExitCode.Done;
    }

    /// <summary>A request looks much like a certificate, and its file often lies beside it.</summary>
    private static IReadOnlyList<Certificate> Read(Call call, byte[] content)
    {
        try
        {
            return Certificate.ReadBundle(content);
        }
        catch (RefusalException) when (IsRequest(content))
        {
            throw new Stop(ExitCode.LocalFile, "bundle_request", call.Needed(Source));
        }
    }

    private static bool IsRequest(byte[] content)
    {
        try
        {
            CertificationRequest.Decode(PemFile.OneDer(content, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"));
            return true;
        }
        catch (RefusalException)
        {
            return false;
        }
    }

    private static string Note(BundlePart part) =>
        string.Join("; ", new[] { part.Needed ? null : Text.Of("bundle.unneeded"), part.Places.Count > 1 ? Text.Of("bundle.doubled") : null }.Where(n => n is not null));

    /// <summary>Each in its own file, and bundle.pem as a server wants it: in order, nothing twice, without the root.</summary>
    private static async Task Write(string folder, IReadOnlyList<BundleMember> members, List<BundlePart> parts, bool force, CancellationToken ct)
    {
        var whole = Path.Combine(folder, "bundle.pem");
        foreach (var file in parts.Select(p => p.File!).Append(whole))
        {
            OutputFile.EnsureFree(file, force);
        }

        Directory.CreateDirectory(folder);
        foreach (var (part, member) in parts.Zip(members))
        {
            await OutputFile.Write(part.File!, force, Pem([member]), ct);
        }

        await OutputFile.Write(whole, force, Pem(members.Where(m => m.IsNeeded)), ct);
    }

    private static byte[] Pem(IEnumerable<BundleMember> members) =>
        Encoding.ASCII.GetBytes(string.Concat(members.Select(m => PemFile.Write("CERTIFICATE", m.Certificate.Der.Span))));
}
