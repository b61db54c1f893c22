using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Only a CA may sign certificates.</summary>
internal sealed class KeyCertSignRule() : LintRule("key_cert_sign", LintSeverity.Error, "RFC 5280 4.2.1.9")
{
    internal override string? Check(CertificateView certificate) =>
        certificate.KeyUsage is { } usage && usage.HasFlag(KeyUsages.KeyCertSign) && !certificate.IsCa ? "keyCertSign without being a CA" : null;
}
