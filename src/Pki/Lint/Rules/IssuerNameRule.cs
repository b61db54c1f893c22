namespace Countersign.Pki.Lint.Rules;

/// <summary>The issuer has a name, and it is, byte for byte, the subject of the issuer's certificate.</summary>
internal sealed class IssuerNameRule() : LintRule("issuer_name", LintSeverity.Error, "RFC 5280 4.1.2.4")
{
    internal override string? Check(CertificateView certificate)
    {
        return certificate.Issuer.Length <= 2 ? "the issuer has no name"
            : certificate.IssuerCertificate is { } issuer && !issuer.Subject.Encoded.Span.SequenceEqual(certificate.Issuer.Span)
                ? $"the issuer's certificate is for {issuer.Subject}"
                : null;
    }
}
