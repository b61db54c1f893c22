using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Critical on CAs.</summary>
internal sealed class BasicConstraintsRule() : LintRule("basic_constraints", LintSeverity.Error, "RFC 5280 4.2.1.9")
{
    internal override string? Check(CertificateView certificate) =>
        certificate.IsCa && certificate.Find(Oids.BasicConstraints) is { Critical: false } ? "basicConstraints of a CA is not critical" : null;
}
