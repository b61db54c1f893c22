namespace Countersign.Pki.Lint.Rules;

/// <summary>A positive number of at most 20 octets, and not a guessable one.</summary>
internal sealed class SerialRule() : LintRule("serial", LintSeverity.Error, "RFC 5280 4.1.2.2")
{
    internal override string? Check(CertificateView certificate)
    {
        var serial = certificate.Serial.Span;
        return serial.Length > 20 ? $"the serial number has {serial.Length} octets, at most 20 are possible"
            : serial[0] >= 0x80 ? "the serial number is negative"
            : serial.IndexOfAnyExcept((byte)0) < 0 ? "the serial number is zero"
            : null;
    }
}
