namespace Countersign.Pki.Lint.Rules;

/// <summary>A path length only on CAs, and shorter than the issuer's.</summary>
internal sealed class PathLengthRule() : LintRule("path_length", LintSeverity.Error, "RFC 5280 4.2.1.9")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.Constraints is not { } constraints)
        {
            return null;
        }

        return constraints.PathLength is not null && !constraints.Ca ? "a path length without being a CA"
                    : !constraints.Ca || certificate.IssuerCertificate?.PathLength is not { } limit ? null
            : limit == 0 ? "the issuer may not issue to CAs (its path length is 0)"
            : constraints.PathLength is { } own && own < limit ? null
            : $"the path length must be below the issuer's {limit}";
    }
}
