using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Checks;

/// <summary>Where a key usage is stated, it has digitalSignature.</summary>
internal sealed class KeyUsageCheck() : TlsCheck("key_usage", Severity.Critical, "RFC 8446 4.4.2.2")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Leaf is { KeyUsage: { } usage } && !usage.HasFlag(KeyUsages.DigitalSignature)
            ? [Found($"the key usage is {string.Join(", ", usage.Names())}: no handshake of TLS 1.3 and none with ECDHE can be signed")]
            : [];
}
