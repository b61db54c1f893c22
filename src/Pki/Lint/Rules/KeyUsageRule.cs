using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>A CA has keyUsage with keyCertSign; an extension that is there sets a bit and is critical.</summary>
internal sealed class KeyUsageRule() : LintRule("key_usage", LintSeverity.Error, "RFC 5280 4.2.1.3")
{
    internal override string? Check(CertificateView certificate)
    {
        return certificate.KeyUsage is not { } usage ? certificate.IsCa ? "a CA without keyUsage" : null
            : usage == KeyUsages.None ? "keyUsage sets no bit"
            : certificate.IsCa && !usage.HasFlag(KeyUsages.KeyCertSign) ? "a CA without keyCertSign"
            : null;
    }
}
