namespace Countersign.Pki.Lint.Rules;

/// <summary>The end comes after the beginning.</summary>
internal sealed class ValidityOrderRule() : LintRule("validity_order", LintSeverity.Error, "RFC 5280 4.1.2.5")
{
    internal override string? Check(CertificateView certificate) =>
        certificate.NotBefore.Value < certificate.NotAfter.Value
            ? null
            : $"it would begin at {certificate.NotBefore.Value:u} and end at {certificate.NotAfter.Value:u}";
}
