using Countersign.Contracts;

namespace Countersign.Client.Output;

/// <summary>Authorities as people read them.</summary>
internal static class AuthorityText
{
    public static void List(Screen screen, IReadOnlyList<AuthorityView> all)
    {
        screen.Table(
            [Text.Of("column.id"), Text.Of("column.role"), Text.Of("column.generation"), Text.Of("column.state"), Text.Of("column.subject"), Text.Of("column.key"), Text.Of("column.not-after")],
            all.Select(a => new[] { a.Id, a.Role.ToString(), $"{a.Generation}", a.State.ToString(), a.Subject.Text, Screen.Key(a.Key), screen.Time(a.NotAfter) }));
        if (all.Count == 0)
        {
            screen.Note(Text.Of("next", Text.Of("next.ca_missing")));
        }
    }

    public static void Details(Screen screen, AuthorityDetails details)
    {
        var a = details.Authority;
        screen.Facts(
        [
            (Text.Of("column.id"), a.Id),
            (Text.Of("column.role"), a.Role.ToString()),
            (Text.Of("column.generation"), $"{a.Generation}"),
            (Text.Of("column.state"), string.IsNullOrEmpty(a.Status) ? a.State.ToString() : $"{a.State}: {a.Status}"),
            .. CertificateText.Name(Text.Of("column.issuer"), a.Issuer),
            .. CertificateText.Name(Text.Of("column.subject"), a.Subject),
            (Text.Of("column.not-before"), screen.Time(a.NotBefore)),
            (Text.Of("column.not-after"), screen.Time(a.NotAfter)),
            (Text.Of("column.generated"), screen.Time(a.LastGeneratedAt)),
            (Text.Of("column.key"), $"{Screen.Key(a.Key)}, {details.KeyCustody}"),
            ("SHA-256", a.Sha256),
            ("CRL", details.CrlUrl),
            ("OCSP", details.OcspUrl),
            (Text.Of("column.issuer-url"), details.IssuerUrl),
            (Text.Of("column.active"), $"{details.ActiveCertificates}"),
            (Text.Of("column.progress"), details.Progress is { } p ? Text.Of("progress", p.Moved, p.Total) : null),
            (Text.Of("column.lists-until"), details.ListsUntil is { } until ? screen.Time(until) : null),
            (Text.Of("column.pem"), details.Pem),
        ]);
        foreach (var warning in details.Warnings)
        {
            screen.Note(Text.Of("authority.warning", warning));
        }

        if (details.Progress is { Remaining: { Count: > 0 } left })
        {
            screen.Note(Text.Of("authority.not-moved"));
            screen.Table(
                [Text.Of("column.id"), Text.Of("column.subject"), Text.Of("column.sans"), Text.Of("column.not-after")],
                left.Select(c => new[] { c.Id, c.Subject, string.Join(' ', c.Sans), screen.Time(c.NotAfter) }));
        }

        if (details.RootPassphrase is { } made)
        {
            screen.Note(Text.Of("authority.passphrase"));
            screen.Line(made);
        }
    }
}
