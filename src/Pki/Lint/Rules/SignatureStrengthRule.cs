using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>SHA-256 or better.</summary>
internal sealed class SignatureStrengthRule() : LintRule("signature_strength", LintSeverity.Error, "RFC 8603 4.1, X-2")
{
    internal override string? Check(CertificateView certificate)
    {
        var algorithm = SignatureAlgorithms.Decode(certificate.InnerAlgorithm);
        return algorithm.IsWeak() || algorithm == SignatureAlgorithm.Other ? $"signed with {algorithm.Describe()}" : null;
    }
}
