using System.Security.Cryptography;
using System.Text;

namespace Countersign.Contracts.Audit;

/// <summary>A signature over the head of a chain: what came before it cannot be changed or cut off any more without being noticed.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Seq">Number of the newest record at that moment.</param>
/// <param name="Hash">Its hash, lower-case hexadecimal.</param>
/// <param name="At">When it was signed, Unix milliseconds UTC.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo of the signing key (ECDSA P-256), base64.</param>
/// <param name="Signature">ECDSA with SHA-256 over <see cref="Signed"/>, DER, base64.</param>
public sealed record AuditCheckpoint(string Chain, long Seq, string Hash, long At, string PublicKey, string Signature)
{
    /// <summary>SHA-256 of the public key, lower-case hexadecimal: what people compare.</summary>
    public string KeyFingerprint => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(PublicKey)));

    /// <summary>The bytes that are signed: the other members as canonical JSON (RFC 8785).</summary>
    public byte[] Signed() => Encoding.UTF8.GetBytes($$"""{"at":{{At}},"chain":"{{Chain}}","hash":"{{Hash}}","publicKey":"{{PublicKey}}","seq":{{Seq}}}""");

    /// <summary>Whether the signature fits its own key. Whose key it is has to be known from elsewhere.</summary>
    public bool IsSigned()
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(PublicKey), out _);
            return key.VerifyData(Signed(), Convert.FromBase64String(Signature), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }
}
