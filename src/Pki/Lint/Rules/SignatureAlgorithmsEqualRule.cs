namespace Countersign.Pki.Lint.Rules;

/// <summary>The algorithm inside the signed part and the one outside are the same.</summary>
internal sealed class SignatureAlgorithmsEqualRule() : LintRule("signature_algorithms_equal", LintSeverity.Error, "RFC 5280 4.1.1.2")
{
    internal override string? Check(CertificateView certificate) =>
        certificate.OuterAlgorithm is { } outer && !outer.Span.SequenceEqual(certificate.InnerAlgorithm.Span)
            ? "the algorithm outside the signed part differs from the one inside"
            : null;
}
