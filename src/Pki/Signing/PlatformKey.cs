using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>
/// A key inside the platform's cryptography: an opened key file, or a key of a token behind an engine. Safe to use from several threads.
/// </summary>
public sealed class PlatformKey : ISigningKey
{
    // One object for all threads: signing makes its own context in OpenSSL and leaves the key untouched. Two threads sign twice as much as one.
    private readonly AsymmetricAlgorithm _key;
    private readonly HashAlgorithmName _hash;

    /// <summary>Takes ownership of <paramref name="key"/>, an <see cref="ECDsa"/> or <see cref="RSA"/> with its private half.</summary>
    /// <param name="key">The key pair.</param>
    /// <param name="algorithm">Null: SHA-256 for RSA and P-256, SHA-384 for P-384.</param>
    /// <exception cref="RefusalException"><see cref="Refusal.WeakKey"/> or <see cref="Refusal.WeakSignature"/>.</exception>
    public PlatformKey(AsymmetricAlgorithm key, SignatureAlgorithm? algorithm = null)
    {
        _key = key is ECDsa or RSA ? key : throw new RefusalException(Refusal.WeakKey, $"{key.GetType().Name} cannot sign here");
        PublicKey = SubjectPublicKey.Decode(key.ExportSubjectPublicKeyInfo());
        Algorithm = algorithm ?? SigningAlgorithms.For(PublicKey);
        _hash = SigningAlgorithms.Hash(Algorithm);
        if (key is RSA)
        {
            _ = SigningAlgorithms.Padding(Algorithm);
        }
    }

    /// <inheritdoc/>
    public SignatureAlgorithm Algorithm { get; }

    /// <inheritdoc/>
    public SubjectPublicKey PublicKey { get; }

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        if (_key is ECDsa ec)
        {
            return ec.SignData(data, _hash, DSASignatureFormat.Rfc3279DerSequence);
        }

        // the overload that returns an array wants an array: a copy of a whole CRL
        var rsa = (RSA)_key;
        byte[] signature = new byte[(rsa.KeySize + 7) / 8];
        return rsa.TrySignData(data, signature, _hash, SigningAlgorithms.Padding(Algorithm), out int written) && written == signature.Length
            ? signature
            : throw new CryptographicException("the platform did not sign");
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
