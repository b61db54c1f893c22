using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>
/// The edge of key custody: a sealed file opened into the platform, or a PKCS#11 token. Implementations are safe to use from
/// several threads at once and never hand out the private key.
/// </summary>
public interface ISigningKey : IDisposable
{
    /// <summary>The one algorithm this key signs with.</summary>
    SignatureAlgorithm Algorithm { get; }

    /// <summary>The public half.</summary>
    SubjectPublicKey PublicKey { get; }

    /// <summary>Signs <paramref name="data"/> (hashed inside). ECDSA signatures are DER Ecdsa-Sig-Value (RFC 3279 2.2.3).</summary>
    byte[] Sign(ReadOnlySpan<byte> data);
}
