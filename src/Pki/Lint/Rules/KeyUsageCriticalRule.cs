using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Conforming CAs mark keyUsage critical.</summary>
internal sealed class KeyUsageCriticalRule() : LintRule("key_usage_critical", LintSeverity.Warning, "RFC 5280 4.2.1.3")
{
    internal override string? Check(CertificateView certificate) =>
        certificate.Find(Oids.KeyUsage) is { Critical: false } ? "keyUsage is not critical" : null;
}
