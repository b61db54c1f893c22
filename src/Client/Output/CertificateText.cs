using Countersign.Contracts;
using Countersign.Pki.X509;

namespace Countersign.Client.Output;

/// <summary>Certificates as people read them.</summary>
internal static class CertificateText
{
    /// <summary>Extensions that have lines of their own: key usage, alternative names, extended key usage.</summary>
    private static readonly string[] Told = [Oids.KeyUsage, Oids.SubjectAltName, Oids.ExtendedKeyUsage];

    public static void List(Screen screen, Page<CertificateView> page)
    {
        screen.Table(
            [Text.Of("column.id"), Text.Of("column.state"), Text.Of("column.subject"), Text.Of("column.sans"), Text.Of("column.serial"), Text.Of("column.not-after"), Text.Of("column.requester")],
            page.Items.Select(c => new[] { c.Id, c.State.ToString(), c.Subject, string.Join(' ', c.Sans), c.Serial, screen.Time(c.NotAfter), c.Requester }));
        if (page.Cut)
        {
            screen.Note(Text.Of("certificates.cut"));
        }
        if (page.Next is { } next)
        {
            screen.Note(Text.Of("more", next));
        }
    }

    public static void Details(Screen screen, CertificateDetails c)
    {
        screen.Facts(
        [
            (Text.Of("column.id"), c.Id),
            (Text.Of("column.state"), c.State.ToString()),
            (Text.Of("column.serial"), $"{c.Serial} ({c.SerialDecimal})"),
            .. Name(Text.Of("column.subject"), c.Subject),
            .. Name(Text.Of("column.issuer"), c.Issuer),
            (Text.Of("column.sans"), string.Join('\n', c.Sans)),
            (Text.Of("column.not-before"), screen.Time(c.NotBefore)),
            (Text.Of("column.not-after"), screen.Time(c.NotAfter)),
            (Text.Of("column.key"), Screen.Key(c.Key)),
            (Text.Of("column.key-usage"), string.Join(", ", c.KeyUsages)),
            (Text.Of("column.eku"), string.Join(", ", c.Ekus)),
            .. c.Extensions.Where(e => !Told.Contains(e.Oid)).Select(e => (e.Name ?? e.Oid, (string?)(e.Critical ? $"{e.Text} ({Text.Of("critical")})" : e.Text))),
            (Text.Of("column.signature"), c.SignatureAlgorithm),
            ("SHA-256", c.Sha256),
            ("SHA-1", c.Sha1),
            (Text.Of("column.requester"), Screen.Who(c.Requester)),
            (Text.Of("column.door"), c.Door),
            (Text.Of("column.profile"), c.Profile),
            (Text.Of("column.request"), c.RequestId),
            (Text.Of("column.authority"), c.AuthorityId),
            (Text.Of("column.replaces"), c.Replaces),
            (Text.Of("column.replaced-by"), c.ReplacedBy),
            (Text.Of("column.revocation"), c.Revocation is { } r ? $"{screen.Time(r.At)}, {r.Reason}, {Screen.Who(r.By)} {r.Comment}".TrimEnd() : null),
            (Text.Of("column.findings"), string.Join('\n', c.Findings.Select(f => $"{f.Rule}: {f.Detail}"))),
            (Text.Of("column.decisions"), string.Join('\n', c.Decisions.Select(d => Text.Of("decision", d.Field, d.Requested ?? "–", d.Granted ?? "–", d.Rule)))),
            (Text.Of("column.history"), string.Join('\n', c.History.Select(h => $"{screen.Time(h.At)}  {h.Action}  {Screen.Who(h.By)}"))),
        ]);
    }

    public static IEnumerable<(string Name, string? Value)> Name(string what, NameView name) =>
    [
        (what, name.Text),
        ($"  {Text.Of("name.cn")}", name.CommonName),
        ($"  {Text.Of("name.ou")}", name.OrganizationalUnit),
        ($"  {Text.Of("name.o")}", name.Organization),
        ($"  {Text.Of("name.l")}", name.Locality),
        ($"  {Text.Of("name.st")}", name.State),
        ($"  {Text.Of("name.c")}", name.Country),
        ($"  {Text.Of("name.email")}", name.Email),
    ];
}
