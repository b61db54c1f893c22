using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>
/// The issuer's public key, ready to verify. Importing a public key costs more than a verification, so the platform's objects are kept;
/// the platform does not promise that one object may be used by two threads at once, so each verification borrows one.
/// </summary>
internal sealed class SignerCheck(SubjectPublicKey key, SignatureAlgorithm algorithm)
{
    private readonly ConcurrentBag<AsymmetricAlgorithm> _idle = [];

    public SubjectPublicKey Key { get; } = key;

    public SignatureAlgorithm Algorithm { get; } = algorithm;

    /// <summary>AlgorithmIdentifier.</summary>
    public byte[] Identifier { get; } = SignatureAlgorithms.Encode(algorithm);

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (!_idle.TryTake(out var verifier))
        {
            verifier = Import();
        }

        try
        {
            var hash = SigningAlgorithms.Hash(Algorithm);
            return verifier is ECDsa ec
                ? ec.VerifyData(data, signature, hash, DSASignatureFormat.Rfc3279DerSequence)
                : ((RSA)verifier).VerifyData(data, signature, hash, SigningAlgorithms.Padding(Algorithm));
        }
        finally
        {
            _idle.Add(verifier);
        }
    }

    private AsymmetricAlgorithm Import()
    {
        AsymmetricAlgorithm made = Key.Kind == KeyKind.Rsa ? RSA.Create() : ECDsa.Create();
        made.ImportSubjectPublicKeyInfo(Key.Spki.Span, out _);
        return made;
    }
}
