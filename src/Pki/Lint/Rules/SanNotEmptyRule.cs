namespace Countersign.Pki.Lint.Rules;

/// <summary>subjectAltName has at least one name and no name is blank.</summary>
internal sealed class SanNotEmptyRule() : LintRule("san_not_empty", LintSeverity.Error, "RFC 5280 4.2.1.6")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.AlternativeNames is not { } names)
        {
            return null;
        }

        if (names.Count == 0)
        {
            return "subjectAltName is empty";
        }

        foreach (var name in names)
        {
            if (name.Content.IsEmpty)
            {
                return $"alternative name [{name.Tag}] is blank";
            }
        }

        return null;
    }
}
