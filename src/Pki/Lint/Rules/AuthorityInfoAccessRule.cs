using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>OCSP and issuer addresses are http URIs and the extension is not critical.</summary>
internal sealed class AuthorityInfoAccessRule() : LintRule("authority_info_access", LintSeverity.Error, "RFC 5280 4.2.2.1")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.Find(Oids.AuthorityInfoAccess) is not { } extension)
        {
            return null;
        }

        if (extension.Critical)
        {
            return "authorityInfoAccess is critical";
        }

        var descriptions = new AsnCursor(extension.Value).Sequence();
        if (!descriptions.HasData)
        {
            return "authorityInfoAccess is empty";
        }

        while (descriptions.HasData)
        {
            var description = descriptions.Sequence();
            description.Oid();
            if (AddressSyntax.Fault(CertificateView.ReadGeneralNames(description)) is { } fault)
            {
                return $"access address {fault}";
            }
        }

        return null;
    }
}
