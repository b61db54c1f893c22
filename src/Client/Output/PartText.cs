using System.Globalization;
using Countersign.Pki.Crl;
using Countersign.Pki.Requests;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Bundles;

namespace Countersign.Client.Output;

/// <summary>The parts of a file, for scripts and for people.</summary>
internal static class PartText
{
    private const int MostEntries = 100;

    public static PartAnswer Of(FilePart part) => part switch
    {
        { Certificate: { } certificate } => new PartAnswer("certificate", CheckText.Of(certificate), null, null, null, [.. certificate.Extensions.Select(Of)]),
        { Request: { } request } => new PartAnswer("request", null, Of(request), null, null, [.. request.RequestedExtensions.Select(Of)]),
        { List: { } list } => new PartAnswer("crl", null, null, Of(list), null, []),
        _ => new PartAnswer("key", null, null, null, new PartKey(part.Key!.PublicKey.Description, Convert.ToHexStringLower(part.Key.PublicKey.Sha256)), []),
    };

    public static void Show(Screen screen, PartsAnswer answer)
    {
        foreach (var (part, i) in answer.Parts.Select((p, i) => (p, i)))
        {
            screen.Line($"{i + 1}. {Text.Of("part." + part.Kind)}");
            screen.Facts(
            [
                .. part.Certificate is { } c ? Certificate(screen, c) : part.Request is { } r ? Request(r) : part.List is { } l ? List(screen, l) : Key(part.Key!),
                .. part.Extensions.Select(e => (e.Oid, (string?)(e.Critical ? $"{e.Says} ({Text.Of("critical")})" : e.Says))),
            ]);
            screen.Line("");
        }
    }

    private static PartExtension Of(Extension extension) => new(
        extension.Oid, extension.Critical,
        ExtensionFacts.Read(extension) is { } facts ? string.Join(", ", facts.Select(f => f.Value.Length > 0 ? $"{f.What} {f.Value}" : f.What)) : Convert.ToHexStringLower(extension.Value.Span));

    private static PartRequest Of(CertificationRequest request) => new(
        request.Subject.ToString(), [.. request.Sans.Select(s => s.ToString()!)], request.Key.Description, Convert.ToHexStringLower(request.Key.Sha256), request.SignatureAlgorithm.Describe(),
        request.Key.Verify(request.Info.Span, request.Signature.Span, request.SignatureAlgorithm));

    private static PartList Of(CrlReader list)
    {
        var entries = list.Entries().ToList();
        return new PartList(
            list.Issuer.ToString(), list.Number?.ToString(CultureInfo.InvariantCulture), list.ThisUpdate, list.NextUpdate, list.SignatureAlgorithm.Describe(), entries.Count,
            [.. entries.Take(MostEntries).Select(e => new PartEntry(Convert.ToHexStringLower(e.Serial), e.RevokedAt, e.Reason.ToString()))]);
    }

    private static IEnumerable<(string Name, string? Value)> Certificate(Screen screen, SentCertificate c) =>
    [
        (Text.Of("column.subject"), c.Subject), (Text.Of("column.issuer"), c.Issuer), (Text.Of("column.sans"), string.Join('\n', c.Sans)), (Text.Of("column.serial"), $"{c.Serial} ({c.SerialDecimal})"),
        (Text.Of("column.not-before"), screen.Time(c.NotBefore)), (Text.Of("column.not-after"), screen.Time(c.NotAfter)), (Text.Of("column.key"), c.Key), (Text.Of("column.signature"), c.SignatureAlgorithm), ("SHA-256", c.Sha256),
    ];

    private static IEnumerable<(string Name, string? Value)> Request(PartRequest r) =>
    [
        (Text.Of("column.subject"), r.Subject), (Text.Of("column.sans"), string.Join('\n', r.Sans)), (Text.Of("column.key"), $"{r.Key}, {r.KeySha256}"),
        (Text.Of("column.signature"), r.ProvesKey ? r.SignatureAlgorithm : Text.Of("part.no-proof", r.SignatureAlgorithm)),
    ];

    private static IEnumerable<(string Name, string? Value)> List(Screen screen, PartList l) =>
    [
        (Text.Of("column.issuer"), l.Issuer), (Text.Of("column.number"), l.Number), (Text.Of("column.not-before"), screen.Time(l.ThisUpdate)), (Text.Of("column.not-after"), screen.Time(l.NextUpdate)),
        (Text.Of("column.signature"), l.SignatureAlgorithm),
        (Text.Of("column.revoked"), string.Join('\n', [l.Count.ToString(CultureInfo.CurrentCulture), .. l.Entries.Select(e => $"{e.Serial}  {screen.Time(e.RevokedAt)}  {e.Reason}")])),
    ];

    private static IEnumerable<(string Name, string? Value)> Key(PartKey key) => [(Text.Of("column.key"), $"{key.Description}, {key.Sha256}")];
}
