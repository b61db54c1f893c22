using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Keys and signatures are RSA or ECDSA on the NIST curves: phones break off the handshake at Ed25519.</summary>
internal sealed class UnsupportedKeyCheck() : TlsCheck("unsupported_key", Severity.Warning, "RFC 8446 9.1")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        foreach (var certificate in listener.WithoutRoot)
        {
            if (certificate.Key.Kind is KeyKind.Ed25519 or KeyKind.Other)
            {
                yield return Found($"\"{Naming.Show(certificate)}\" has a key of {certificate.Key.Description}");
            }

            if (certificate.SignatureAlgorithm == SignatureAlgorithm.Other)
            {
                yield return Found($"\"{Naming.Show(certificate)}\" has a signature that is neither RSA nor ECDSA");
            }
        }
    }
}
