namespace Countersign.Pki.Lint.Rules;

/// <summary>Browsers that apply public limits refuse servers beyond 398 days.</summary>
internal sealed class ServerLifetimeRule() : LintRule("server_lifetime", LintSeverity.Warning, "CA/Browser Forum BR 6.3.2, O-20")
{
    internal override string? Check(CertificateView certificate) =>
        certificate.IsServer && !certificate.IsCa && certificate.NotAfter.Value - certificate.NotBefore.Value > TimeSpan.FromDays(398)
            ? $"valid for {(certificate.NotAfter.Value - certificate.NotBefore.Value).TotalDays:0} days; some clients refuse servers beyond 398"
            : null;
}
