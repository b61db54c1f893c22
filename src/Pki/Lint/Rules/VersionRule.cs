namespace Countersign.Pki.Lint.Rules;

/// <summary>Extensions are there, so the version is 3.</summary>
internal sealed class VersionRule() : LintRule("version", LintSeverity.Error, "RFC 5280 4.1.2.1")
{
    internal override string? Check(CertificateView certificate) =>
        certificate.Version == 2 ? null : $"the version is {certificate.Version + 1}, not 3";
}
