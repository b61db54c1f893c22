using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Checks;

/// <summary>The key of a server may not sign certificates.</summary>
internal sealed class LeafSignsCertificatesCheck() : TlsCheck("leaf_signs_certificates", Severity.Critical, "RFC 5280 4.2.1.3")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Leaf is { IsCa: false, KeyUsage: { } usage } && usage.HasFlag(KeyUsages.KeyCertSign) ? [Found("the key usage has keyCertSign, but the certificate is no authority")] : [];
}
