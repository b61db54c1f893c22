using Countersign.Pki.X509;

namespace Countersign.Pki.Lint;

/// <summary>Permitted and excluded subtrees of an issuer, held against names (RFC 5280 4.2.1.10).</summary>
internal sealed class NameSubtrees
{
    private const int DirectoryName = 4;

    private readonly List<GeneralNameView> _permitted = [];
    private readonly List<GeneralNameView> _excluded = [];

    public static NameSubtrees Read(ReadOnlyMemory<byte> extension)
    {
        var subtrees = new NameSubtrees();
        var reader = new AsnCursor(extension).Sequence();
        while (reader.HasData)
        {
            int list = reader.Peek().TagValue;
            for (var items = reader.Context(list); items.HasData;)
            {
                var subtree = items.Sequence();
                int kind = subtree.Peek().TagValue;
                (list == 0 ? subtrees._permitted : subtrees._excluded).Add(new GeneralNameView(kind, subtree.Content()));
            }
        }

        return subtrees;
    }

    /// <summary>The first name that lies outside; null when there is none.</summary>
    public string? Fault(CertificateView certificate)
    {
        if (certificate.SubjectAttributes.Count > 0 && Fault(new GeneralNameView(DirectoryName, certificate.Subject)) is { } subjectFault)
        {
            return subjectFault;
        }

        foreach (var attribute in certificate.SubjectAttributes)
        {
            // RFC 5280: mail constraints reach the legacy attribute where there is no mail name among the alternative ones
            if (attribute.Oid == Oids.EmailAddress && Fault(new GeneralNameView(GeneralNameView.Email, attribute.Content)) is { } mailFault)
            {
                return mailFault;
            }
        }

        foreach (var name in certificate.AlternativeNames ?? [])
        {
            if (Fault(name) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private string? Fault(GeneralNameView name)
    {
        bool limited = false;
        bool inside = false;
        foreach (var subtree in _permitted)
        {
            if (subtree.Tag == name.Tag)
            {
                limited = true;
                inside |= Covers(subtree, name);
            }
        }

        if (limited && !inside)
        {
            return $"{Show(name)} is outside what the issuer may sign";
        }

        foreach (var subtree in _excluded)
        {
            if (subtree.Tag == name.Tag && Covers(subtree, name))
            {
                return $"{Show(name)} is excluded from what the issuer may sign";
            }
        }

        return null;
    }

    private static bool Covers(GeneralNameView subtree, GeneralNameView name) => name.Tag switch
    {
        // a wildcard stands for names below its domain; OpenSSL and others compare it as it is spelt
        GeneralNameView.Dns => NameSyntax.IsWithin(name.Text, subtree.Text),
        GeneralNameView.Email => CoversMail(subtree.Text, name.Text),
        GeneralNameView.Uri => NameSyntax.UriHost(name.Text) is { } host && CoversHost(subtree.Text, host),
        GeneralNameView.Ip => CoversAddress(subtree.Content.Span, name.Content.Span),
        DirectoryName => CoversDirectory(subtree.Content, name.Content),
        _ => false,
    };

    private static bool CoversMail(string subtree, string address) =>
        subtree.Contains('@')
            ? string.Equals(subtree, address, StringComparison.OrdinalIgnoreCase)
            : CoversHost(subtree, address[(address.LastIndexOf('@') + 1)..]);

    // with a leading dot: names below; without: this host
    private static bool CoversHost(string subtree, string host) =>
        subtree.StartsWith('.')
            ? host.Length > subtree.Length && host.EndsWith(subtree, StringComparison.OrdinalIgnoreCase)
            : string.Equals(subtree, host, StringComparison.OrdinalIgnoreCase);

    private static bool CoversAddress(ReadOnlySpan<byte> subtree, ReadOnlySpan<byte> address)
    {
        if (subtree.Length != address.Length * 2)
        {
            return false;
        }

        for (int i = 0; i < address.Length; i++)
        {
            if (((address[i] ^ subtree[i]) & subtree[address.Length + i]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    // the subtree's relative names are the first ones of the name
    private static bool CoversDirectory(ReadOnlyMemory<byte> subtree, ReadOnlyMemory<byte> name)
    {
        var wanted = new AsnCursor(subtree).Sequence();
        var given = new AsnCursor(name).Sequence();
        while (wanted.HasData)
        {
            if (!given.HasData || !wanted.Encoded().Span.SequenceEqual(given.Encoded().Span))
            {
                return false;
            }
        }

        return true;
    }

    private static string Show(GeneralNameView name) => name.Tag switch
    {
        GeneralNameView.Ip when name.Content.Length is 4 or 16 => new System.Net.IPAddress(name.Content.Span).ToString(),
        GeneralNameView.Ip => Convert.ToHexStringLower(name.Content.Span),
        DirectoryName => DistinguishedName.Decode(name.Content).ToString(),
        _ => name.Text,
    };
}
