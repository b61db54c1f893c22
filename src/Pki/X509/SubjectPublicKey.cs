using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace Countersign.Pki.X509;

/// <summary>The kinds of keys this product tells apart.</summary>
public enum KeyKind
{
    /// <summary>rsaEncryption of any size.</summary>
    Rsa,

    /// <summary>NIST P-256, the default.</summary>
    EcP256,

    /// <summary>NIST P-384.</summary>
    EcP384,

    /// <summary>NIST P-521.</summary>
    EcP521,

    /// <summary>Read, not accepted: the platform does not verify it.</summary>
    Ed25519,

    /// <summary>Anything else: DSA, other curves, explicit curve parameters, RSA-PSS keys.</summary>
    Other,
}

/// <summary>A SubjectPublicKeyInfo (RFC 5280, 4.1.2.7). Reading it does not judge it: see <see cref="KeyQuality"/>.</summary>
public sealed class SubjectPublicKey
{
    private byte[]? _sha256;
    private byte[]? _keyIdentifier;

    private SubjectPublicKey(ReadOnlyMemory<byte> spki, ReadOnlyMemory<byte> keyBits)
    {
        Spki = spki;
        KeyBits = keyBits;
    }

    /// <summary>The whole structure in DER.</summary>
    public ReadOnlyMemory<byte> Spki { get; }

    /// <summary>Kind of the key.</summary>
    public KeyKind Kind { get; private init; }

    /// <summary>Size of modulus or curve in bits; 0 when unknown.</summary>
    public int Bits { get; private init; }

    /// <summary>For people: "RSA 3072", "EC P-256", "Ed25519", "EC with explicit parameters".</summary>
    public string Description { get; private init; } = string.Empty;

    /// <summary>SHA-256 over <see cref="Spki"/>, 32 bytes. Do not change the array.</summary>
    public byte[] Sha256 => _sha256 ??= SHA256.HashData(Spki.Span);

    /// <summary>RFC 7093 method 1: the leftmost 160 bits of SHA-256 over the key bits. Do not change the array.</summary>
    public byte[] KeyIdentifier => _keyIdentifier ??= SHA256.HashData(KeyBits.Span)[..20];

    /// <summary>The content of the BIT STRING: an EC point, or an RSAPublicKey.</summary>
    public ReadOnlyMemory<byte> KeyBits { get; }

    /// <summary>RSA modulus, unsigned, big-endian, without leading zeros; empty for other keys.</summary>
    public ReadOnlyMemory<byte> Modulus { get; private init; }

    /// <summary>RSA public exponent, unsigned, big-endian; empty for other keys.</summary>
    public ReadOnlyMemory<byte> Exponent { get; private init; }

    /// <summary>Reads DER.</summary>
    /// <exception cref="RefusalException"><c>malformed</c></exception>
    public static SubjectPublicKey Decode(ReadOnlyMemory<byte> spki)
    {
        try
        {
            var reader = new AsnCursor(spki);
            var key = Read(ref reader);
            reader.End();
            return key;
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, $"Public key: {DerWords.Of(e)}", e);
        }
    }

    /// <summary>
    /// Checks a signature. False for a wrong signature, and just as well for a key that is no valid key, an algorithm that does not fit the key, or one that is never accepted.
    /// </summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, SignatureAlgorithm algorithm) =>
        SignatureCheck.Verify(this, data, signature, algorithm);

    internal static SubjectPublicKey Read(ref AsnCursor reader)
    {
        var spki = reader.Encoded();
        var outer = new AsnCursor(spki).Sequence();
        var algorithm = outer.Sequence();
        var keyBits = outer.Bytes();
        outer.End();
        var oid = algorithm.Oid();
        return oid switch
        {
            Oids.RsaEncryption => Rsa(spki, keyBits, algorithm),
            Oids.EcPublicKey => Ec(spki, keyBits, algorithm),
            Oids.Ed25519 => new(spki, keyBits) { Kind = KeyKind.Ed25519, Bits = 256, Description = "Ed25519" },
            Oids.Ed448 => Other(spki, keyBits, "Ed448"),
            Oids.Dsa => Other(spki, keyBits, "DSA"),
            Oids.RsaPss => Other(spki, keyBits, "RSA restricted to PSS"),
            _ => Other(spki, keyBits, $"algorithm {oid}"),
        };
    }

    private static SubjectPublicKey Rsa(ReadOnlyMemory<byte> spki, ReadOnlyMemory<byte> keyBits, AsnCursor algorithm)
    {
        if (algorithm.HasData)
        {
            algorithm.Null();
        }

        algorithm.End();
        var inner = new AsnCursor(keyBits);
        var pair = inner.Sequence();
        inner.End();
        var modulus = Unsigned(pair.Integer());
        var exponent = Unsigned(pair.Integer());
        pair.End();
        var bits = modulus.IsEmpty ? 0 : (modulus.Length * 8) - BitOperations.LeadingZeroCount((uint)modulus.Span[0]) + 24;
        return new(spki, keyBits) { Kind = KeyKind.Rsa, Bits = bits, Description = $"RSA {bits}", Modulus = modulus, Exponent = exponent };
    }

    private static SubjectPublicKey Ec(ReadOnlyMemory<byte> spki, ReadOnlyMemory<byte> keyBits, AsnCursor algorithm)
    {
        if (!algorithm.NextIs(UniversalTagNumber.ObjectIdentifier))
        {
            return Other(spki, keyBits, "EC with explicit parameters"); // RFC 5480, 2.1.1: only named curves
        }

        var curve = algorithm.Oid();
        algorithm.End();
        return curve switch
        {
            Oids.P256 => new(spki, keyBits) { Kind = KeyKind.EcP256, Bits = 256, Description = "EC P-256" },
            Oids.P384 => new(spki, keyBits) { Kind = KeyKind.EcP384, Bits = 384, Description = "EC P-384" },
            Oids.P521 => new(spki, keyBits) { Kind = KeyKind.EcP521, Bits = 521, Description = "EC P-521" },
            _ => Other(spki, keyBits, $"EC curve {curve}"),
        };
    }

    private static SubjectPublicKey Other(ReadOnlyMemory<byte> spki, ReadOnlyMemory<byte> keyBits, string description) =>
        new(spki, keyBits) { Kind = KeyKind.Other, Description = description };

    private static ReadOnlyMemory<byte> Unsigned(ReadOnlyMemory<byte> integer)
    {
        if ((integer.Span[0] & 0x80) != 0)
        {
            throw DerWords.Fault("An RSA number is negative");
        }

        return integer.Span[0] == 0 ? integer[1..] : integer;
    }
}
