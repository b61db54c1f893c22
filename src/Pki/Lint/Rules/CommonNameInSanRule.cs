namespace Countersign.Pki.Lint.Rules;

/// <summary>Clients look at the alternative names only, so a common name that names a server is one of them.</summary>
internal sealed class CommonNameInSanRule() : LintRule("common_name_in_san", LintSeverity.Error, "CA/Browser Forum BR 7.1.4.3, RFC 9525 6.4.4")
{
    internal override string? Check(CertificateView certificate)
    {
        if (!certificate.IsServer || certificate.IsCa || certificate.CommonName is not { } commonName || Has(certificate, commonName))
        {
            return null;
        }

        bool looksLikeServer = commonName.Contains('.') && NameSyntax.DnsFault(commonName) is null;
        return looksLikeServer || NameSyntax.TryAddress(commonName, out _)
            ? $"common name '{commonName}' is not among the alternative names"
            : null;
    }

    private static bool Has(CertificateView certificate, string commonName)
    {
        foreach (var name in certificate.AlternativeNames ?? [])
        {
            if (name.Tag == GeneralNameView.Dns && string.Equals(name.Text, commonName, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            if (name.Tag == GeneralNameView.Ip && NameSyntax.TryAddress(commonName, out var address)
                && name.Content.Span.SequenceEqual(address.GetAddressBytes()))
            {
                return true;
            }
        }

        return false;
    }
}
