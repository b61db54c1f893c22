namespace Countersign.Pki.Lint;

/// <summary>Addresses of CRLs, OCSP responders and issuers: fetched before any trust is there, so plain http (RFC 5280 8).</summary>
internal static class AddressSyntax
{
    public static string? Fault(List<GeneralNameView> names)
    {
        foreach (var name in names)
        {
            if (name.Tag != GeneralNameView.Uri)
            {
                continue;
            }

            string text = name.Text;
            if (NameSyntax.UriFault(text) is { } fault)
            {
                return $"'{text}' {fault}";
            }

            if (!text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("ldap://", StringComparison.OrdinalIgnoreCase))
            {
                return $"'{text}' is not plain http: fetching it would need the very check it is for";
            }
        }

        return names.Count == 0 ? "is missing" : null;
    }
}
