namespace Countersign.Pki.Lint.Rules;

/// <summary>A certificate is of no use before or after its issuer's.</summary>
internal sealed class ValidityInsideIssuerRule() : LintRule("validity_inside_issuer", LintSeverity.Error, "RFC 5280 6.1.3")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.IssuerCertificate is not { } issuer)
        {
            return null;
        }

        return certificate.NotBefore.Value < issuer.NotBefore ? $"it would begin at {certificate.NotBefore.Value:u}, the issuer at {issuer.NotBefore:u}"
            : certificate.NotAfter.Value > issuer.NotAfter ? $"it would end at {certificate.NotAfter.Value:u}, the issuer at {issuer.NotAfter:u}"
            : null;
    }
}
