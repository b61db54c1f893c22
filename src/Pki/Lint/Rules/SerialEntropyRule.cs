namespace Countersign.Pki.Lint.Rules;

/// <summary>Room for 64 random bits: short serial numbers were counted, not drawn.</summary>
internal sealed class SerialEntropyRule() : LintRule("serial_entropy", LintSeverity.Warning, "CA/Browser Forum BR 7.1")
{
    internal override string? Check(CertificateView certificate) =>
        certificate.Serial.Length >= 8 ? null : $"the serial number has only {certificate.Serial.Length} octets, 64 random bits need 8";
}
