using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Only a CA signs revocation lists here: there are no indirect CRLs.</summary>
internal sealed class CrlSignRule() : LintRule("crl_sign", LintSeverity.Error, "RFC 5280 4.2.1.3")
{
    internal override string? Check(CertificateView certificate) =>
        certificate.KeyUsage is { } usage && usage.HasFlag(KeyUsages.CrlSign) && !certificate.IsCa ? "cRLSign without being a CA" : null;
}
