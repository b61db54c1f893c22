using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Not empty, and never critical together with anyExtendedKeyUsage.</summary>
internal sealed class ExtendedKeyUsageRule() : LintRule("extended_key_usage", LintSeverity.Error, "RFC 5280 4.2.1.12")
{
    internal override string? Check(CertificateView certificate)
    {
        return certificate.ExtendedKeyUsages is not { } purposes ? null
            : purposes.Count == 0 ? "extendedKeyUsage is empty"
            : purposes.Contains(Oids.AnyExtendedKeyUsage) && certificate.Find(Oids.ExtendedKeyUsage) is { Critical: true }
                ? "extendedKeyUsage is critical and says any"
                : null;
    }
}
