using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Elliptic curve keys do not encipher keys or data.</summary>
internal sealed class KeyUsageFitsKeyRule() : LintRule("key_usage_fits_key", LintSeverity.Error, "RFC 5480 3, RFC 8410 5")
{
    internal override string? Check(CertificateView certificate) =>
        certificate.Key.Kind is not KeyKind.Rsa and not KeyKind.Other && certificate.KeyUsage is { } usage
            && (usage & (KeyUsages.KeyEncipherment | KeyUsages.DataEncipherment)) != KeyUsages.None
            ? $"{usage} with a key of kind {certificate.Key.Kind}"
            : null;
}
