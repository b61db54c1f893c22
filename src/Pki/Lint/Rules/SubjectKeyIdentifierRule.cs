using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Present on CAs, never critical.</summary>
internal sealed class SubjectKeyIdentifierRule() : LintRule("subject_key_identifier", LintSeverity.Error, "RFC 5280 4.2.1.2")
{
    internal override string? Check(CertificateView certificate)
    {
        var extension = certificate.Find(Oids.SubjectKeyIdentifier);
        return extension is null && certificate.IsCa ? "a CA without subjectKeyIdentifier"
            : extension is { Critical: true } ? "subjectKeyIdentifier is critical"
            : null;
    }
}
