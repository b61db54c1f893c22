namespace Countersign.Pki.Lint.Rules;

/// <summary>An end entity says what it is for; without it it passes as everything.</summary>
internal sealed class ExtendedKeyUsagePresentRule() : LintRule("extended_key_usage_present", LintSeverity.Warning, "CA/Browser Forum BR 7.1.2.7")
{
    internal override string? Check(CertificateView certificate) =>
        certificate.IsCa || certificate.ExtendedKeyUsages is not null ? null : "no extendedKeyUsage: every program will take it for its own purpose";
}
