using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>The names lie inside what the issuer's own certificate allows.</summary>
internal sealed class NameConstraintsHonouredRule() : LintRule("name_constraints_honoured", LintSeverity.Error, "RFC 5280 4.2.1.10")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.IssuerCertificate is not { } issuer || (certificate.IsSelfIssued && certificate.IsCa))
        {
            return null;
        }

        foreach (var extension in issuer.Extensions)
        {
            if (extension.Oid == Oids.NameConstraints)
            {
                return NameSubtrees.Read(extension.Value).Fault(certificate);
            }
        }

        return null;
    }
}
