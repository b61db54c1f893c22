using System.Security.Cryptography;

namespace Countersign.Pki.X509;

/// <summary>Verifies signatures with the platform's OpenSSL: directly where the framework's key import would cost more than the verification.</summary>
internal static class SignatureCheck
{
    // beyond this the platform refuses too, and the work would be somebody's attack
    private const int MostRsaBits = 16384;

    public static bool Verify(SubjectPublicKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, SignatureAlgorithm algorithm)
    {
        try
        {
            return key.Kind switch
            {
                KeyKind.EcP256 or KeyKind.EcP384 or KeyKind.EcP521 => VerifyEc(key, data, signature, algorithm),
                KeyKind.Rsa when key.Bits <= MostRsaBits && key.Exponent.Length <= 32 => VerifyRsa(key, data, signature, algorithm),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            return false; // a key or signature the platform cannot even read
        }
    }

    private static bool VerifyEc(SubjectPublicKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, SignatureAlgorithm algorithm)
    {
        Span<byte> buffer = stackalloc byte[SHA512.HashSizeInBytes];
        int length;
        switch (algorithm)
        {
            case SignatureAlgorithm.EcdsaSha256: length = SHA256.HashData(data, buffer); break;
            case SignatureAlgorithm.EcdsaSha384: length = SHA384.HashData(data, buffer); break;
            case SignatureAlgorithm.EcdsaSha512: length = SHA512.HashData(data, buffer); break;
            case SignatureAlgorithm.EcdsaSha1: length = SHA1.HashData(data, buffer); break;
            default: return false;
        }

        var hash = buffer[..length];
        if (!EcPoint.HasForm(key.Kind, key.KeyBits.Span))
        {
            return false;
        }

        if (LibCrypto.IsAvailable)
        {
            return LibCrypto.VerifyEcdsa(key.Kind, key.KeyBits.Span, hash, signature);
        }

        using var platformKey = ECDsa.Create();
        platformKey.ImportSubjectPublicKeyInfo(key.Spki.Span, out _);
        return platformKey.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static bool VerifyRsa(SubjectPublicKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, SignatureAlgorithm algorithm)
    {
        var (hash, padding) = algorithm switch
        {
            SignatureAlgorithm.RsaSha256 => (HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            SignatureAlgorithm.RsaSha384 => (HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            SignatureAlgorithm.RsaSha512 => (HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            SignatureAlgorithm.RsaSha1 => (HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1),
            SignatureAlgorithm.RsaPssSha256 => (HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            SignatureAlgorithm.RsaPssSha384 => (HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
            SignatureAlgorithm.RsaPssSha512 => (HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
            _ => (default, null),
        };
        if (padding is null)
        {
            return false;
        }

        using var platformKey = RSA.Create(new RSAParameters { Modulus = key.Modulus.ToArray(), Exponent = key.Exponent.ToArray() });
        return platformKey.VerifyData(data, signature, hash, padding);
    }
}
