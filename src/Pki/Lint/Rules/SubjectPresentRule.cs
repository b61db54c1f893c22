using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>A CA has a name; anything else has a name or a critical subjectAltName.</summary>
internal sealed class SubjectPresentRule() : LintRule("subject_present", LintSeverity.Error, "RFC 5280 4.1.2.6")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.SubjectAttributes.Count > 0)
        {
            return null;
        }

        return certificate.IsCa ? "a CA without a name"
            : certificate.Find(Oids.SubjectAltName) is { Critical: true } ? null
            : "the subject is empty and there is no critical subjectAltName";
    }
}
