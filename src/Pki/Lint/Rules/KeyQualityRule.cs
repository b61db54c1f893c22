namespace Countersign.Pki.Lint.Rules;

/// <summary>Size, exponent, known weak generators and curve membership.</summary>
internal sealed class KeyQualityRule() : LintRule("key_quality", LintSeverity.Error, "NIST SP 800-57 part 1, X-1")
{
    internal override string? Check(CertificateView certificate) =>
        KeyFindings.Of(certificate.Key) is [var first, ..] ? first.Detail : null;
}
