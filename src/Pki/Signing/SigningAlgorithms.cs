using System.Security.Cryptography;
using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>Which algorithm a key signs with here: SHA-256 or better (RFC 5758, RFC 4055).</summary>
public static class SigningAlgorithms
{
    /// <summary>The algorithm a key of this kind signs with unless told otherwise.</summary>
    /// <exception cref="RefusalException"><see cref="Refusal.WeakKey"/> for kinds that do not sign here.</exception>
    public static SignatureAlgorithm For(SubjectPublicKey key) => key.Kind switch
    {
        KeyKind.EcP256 => SignatureAlgorithm.EcdsaSha256,
        KeyKind.EcP384 => SignatureAlgorithm.EcdsaSha384,
        KeyKind.EcP521 => SignatureAlgorithm.EcdsaSha512,
        KeyKind.Rsa => SignatureAlgorithm.RsaSha256,
        _ => throw new RefusalException(Refusal.WeakKey, $"a key of kind {key.Kind} cannot sign here"),
    };

    internal static HashAlgorithmName Hash(SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.EcdsaSha256 or SignatureAlgorithm.RsaSha256 or SignatureAlgorithm.RsaPssSha256 => HashAlgorithmName.SHA256,
        SignatureAlgorithm.EcdsaSha384 or SignatureAlgorithm.RsaSha384 or SignatureAlgorithm.RsaPssSha384 => HashAlgorithmName.SHA384,
        SignatureAlgorithm.EcdsaSha512 or SignatureAlgorithm.RsaSha512 or SignatureAlgorithm.RsaPssSha512 => HashAlgorithmName.SHA512,
        _ => throw new RefusalException(Refusal.WeakSignature, $"nobody signs with {algorithm.Describe()} here"),
    };

    // .NET's PSS uses a salt as long as the hash, which is what the identifiers of the three PSS algorithms say
    internal static RSASignaturePadding Padding(SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.RsaSha256 or SignatureAlgorithm.RsaSha384 or SignatureAlgorithm.RsaSha512 => RSASignaturePadding.Pkcs1,
        SignatureAlgorithm.RsaPssSha256 or SignatureAlgorithm.RsaPssSha384 or SignatureAlgorithm.RsaPssSha512 => RSASignaturePadding.Pss,
        _ => throw new RefusalException(Refusal.KeyMismatch, $"{algorithm.Describe()} needs another kind of key than RSA"),
    };
}
