using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Only in CA certificates, critical, and not empty.</summary>
internal sealed class NameConstraintsPlaceRule() : LintRule("name_constraints_place", LintSeverity.Error, "RFC 5280 4.2.1.10")
{
    internal override string? Check(CertificateView certificate)
    {
        return certificate.Find(Oids.NameConstraints) is not { } extension ? null
            : !certificate.IsCa ? "nameConstraints without being a CA"
            : !extension.Critical ? "nameConstraints is not critical"
            : !new AsnCursor(extension.Value).Sequence().HasData ? "nameConstraints is empty"
            : null;
    }
}
