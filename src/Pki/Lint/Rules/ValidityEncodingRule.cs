namespace Countersign.Pki.Lint.Rules;

/// <summary>UTCTime through 2049, GeneralizedTime from 2050.</summary>
internal sealed class ValidityEncodingRule() : LintRule("validity_encoding", LintSeverity.Error, "RFC 5280 4.1.2.5")
{
    internal override string? Check(CertificateView certificate) =>
        Fault("notBefore", certificate.NotBefore) ?? Fault("notAfter", certificate.NotAfter);

    private static string? Fault(string field, TimeView time) =>
        time.IsUtcTime == time.Value.Year < 2050 ? null : $"{field} {time.Value:u} is a {(time.IsUtcTime ? "UTCTime" : "GeneralizedTime")}";
}
