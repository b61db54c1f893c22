using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Present unless self-issued, not critical, and the issuer's own subject key identifier.</summary>
internal sealed class AuthorityKeyIdentifierRule() : LintRule("authority_key_identifier", LintSeverity.Error, "RFC 5280 4.2.1.1")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.Find(Oids.AuthorityKeyIdentifier) is not { } extension)
        {
            return certificate.IsSelfIssued ? null : "authorityKeyIdentifier is missing";
        }

        if (extension.Critical)
        {
            return "authorityKeyIdentifier is critical";
        }

        var reader = new AsnCursor(extension.Value).Sequence();
        if (!reader.NextIsContext(0))
        {
            return "authorityKeyIdentifier names no key";
        }

        return certificate.IssuerCertificate?.SubjectKeyIdentifier is { } expected && !reader.Content().Span.SequenceEqual(expected)
            ? "authorityKeyIdentifier is not the issuer's subjectKeyIdentifier"
            : null;
    }
}
