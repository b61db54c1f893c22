using System.Formats.Asn1;

namespace Countersign.Pki.X509;

/// <summary>Signature algorithms this product reads. It signs with the first seven; SHA-1 and MD5 are read so that they can be refused by name.</summary>
public enum SignatureAlgorithm
{
    /// <summary>ecdsa-with-SHA256, RFC 5758.</summary>
    EcdsaSha256,

    /// <summary>ecdsa-with-SHA384, RFC 5758.</summary>
    EcdsaSha384,

    /// <summary>ecdsa-with-SHA512, RFC 5758.</summary>
    EcdsaSha512,

    /// <summary>sha256WithRSAEncryption, RFC 4055.</summary>
    RsaSha256,

    /// <summary>sha384WithRSAEncryption, RFC 4055.</summary>
    RsaSha384,

    /// <summary>sha512WithRSAEncryption, RFC 4055.</summary>
    RsaSha512,

    /// <summary>RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes, RFC 4055.</summary>
    RsaPssSha256,

    /// <summary>RSASSA-PSS with SHA-384 throughout and a salt of 48 bytes.</summary>
    RsaPssSha384,

    /// <summary>RSASSA-PSS with SHA-512 throughout and a salt of 64 bytes.</summary>
    RsaPssSha512,

    /// <summary>Broken hash: readable, refused for requests.</summary>
    RsaSha1,

    /// <summary>Broken hash: readable, refused for requests.</summary>
    EcdsaSha1,

    /// <summary>Broken hash: never verifies.</summary>
    RsaMd5,

    /// <summary>Anything else: never verifies.</summary>
    Other,
}

/// <summary>AlgorithmIdentifier of signatures.</summary>
public static class SignatureAlgorithms
{
    /// <summary>Reads a DER AlgorithmIdentifier.</summary>
    /// <exception cref="RefusalException"><c>malformed</c></exception>
    public static SignatureAlgorithm Decode(ReadOnlyMemory<byte> algorithmIdentifier)
    {
        try
        {
            var reader = new AsnCursor(algorithmIdentifier);
            var sequence = reader.Sequence();
            reader.End();
            return Read(sequence);
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, $"Signature algorithm: {DerWords.Of(e)}", e);
        }
    }

    /// <summary>The DER AlgorithmIdentifier. RSA PKCS#1 carries NULL, ECDSA nothing (RFC 5758, 3.2).</summary>
    /// <exception cref="NotSupportedException">An algorithm nobody signs with.</exception>
    public static byte[] Encode(SignatureAlgorithm algorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        Write(writer, algorithm);
        return writer.Encode();
    }

    /// <summary>Short text for people: "ECDSA with SHA-256".</summary>
    public static string Describe(this SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.EcdsaSha256 => "ECDSA with SHA-256",
        SignatureAlgorithm.EcdsaSha384 => "ECDSA with SHA-384",
        SignatureAlgorithm.EcdsaSha512 => "ECDSA with SHA-512",
        SignatureAlgorithm.RsaSha256 => "RSA with SHA-256",
        SignatureAlgorithm.RsaSha384 => "RSA with SHA-384",
        SignatureAlgorithm.RsaSha512 => "RSA with SHA-512",
        SignatureAlgorithm.RsaPssSha256 => "RSA-PSS with SHA-256",
        SignatureAlgorithm.RsaPssSha384 => "RSA-PSS with SHA-384",
        SignatureAlgorithm.RsaPssSha512 => "RSA-PSS with SHA-512",
        SignatureAlgorithm.RsaSha1 => "RSA with SHA-1",
        SignatureAlgorithm.EcdsaSha1 => "ECDSA with SHA-1",
        SignatureAlgorithm.RsaMd5 => "RSA with MD5",
        _ => "unknown",
    };

    /// <summary>True for SHA-1 and MD5.</summary>
    public static bool IsWeak(this SignatureAlgorithm algorithm) =>
        algorithm is SignatureAlgorithm.RsaSha1 or SignatureAlgorithm.EcdsaSha1 or SignatureAlgorithm.RsaMd5;

    internal static SignatureAlgorithm Read(AsnCursor sequence)
    {
        var oid = sequence.Oid();
        return oid switch
        {
            Oids.EcdsaWithSha256 => SignatureAlgorithm.EcdsaSha256,
            Oids.EcdsaWithSha384 => SignatureAlgorithm.EcdsaSha384,
            Oids.EcdsaWithSha512 => SignatureAlgorithm.EcdsaSha512,
            Oids.Sha256WithRsa => SignatureAlgorithm.RsaSha256,
            Oids.Sha384WithRsa => SignatureAlgorithm.RsaSha384,
            Oids.Sha512WithRsa => SignatureAlgorithm.RsaSha512,
            Oids.RsaPss => ReadPss(sequence),
            Oids.Sha1WithRsa => SignatureAlgorithm.RsaSha1,
            Oids.EcdsaWithSha1 => SignatureAlgorithm.EcdsaSha1,
            Oids.Md5WithRsa => SignatureAlgorithm.RsaMd5,
            _ => SignatureAlgorithm.Other,
        };
    }

    internal static void Write(AsnWriter writer, SignatureAlgorithm algorithm)
    {
        using (writer.PushSequence())
        {
            switch (algorithm)
            {
                case SignatureAlgorithm.EcdsaSha256: writer.WriteObjectIdentifier(Oids.EcdsaWithSha256); break;
                case SignatureAlgorithm.EcdsaSha384: writer.WriteObjectIdentifier(Oids.EcdsaWithSha384); break;
                case SignatureAlgorithm.EcdsaSha512: writer.WriteObjectIdentifier(Oids.EcdsaWithSha512); break;
                case SignatureAlgorithm.RsaSha256: WriteWithNull(writer, Oids.Sha256WithRsa); break;
                case SignatureAlgorithm.RsaSha384: WriteWithNull(writer, Oids.Sha384WithRsa); break;
                case SignatureAlgorithm.RsaSha512: WriteWithNull(writer, Oids.Sha512WithRsa); break;
                case SignatureAlgorithm.RsaPssSha256: WritePss(writer, Oids.Sha256, 32); break;
                case SignatureAlgorithm.RsaPssSha384: WritePss(writer, Oids.Sha384, 48); break;
                case SignatureAlgorithm.RsaPssSha512: WritePss(writer, Oids.Sha512, 64); break;
                default: throw new NotSupportedException($"Nobody signs with {algorithm}");
            }
        }
    }

    private static void WriteWithNull(AsnWriter writer, string oid)
    {
        writer.WriteObjectIdentifier(oid);
        writer.WriteNull();
    }

    // RFC 4055, 3.1: hash [0], mask generation [1], salt length [2]; the trailer [3] has its default
    private static void WritePss(AsnWriter writer, string hash, int saltLength)
    {
        writer.WriteObjectIdentifier(Oids.RsaPss);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (writer.PushSequence())
            {
                WriteWithNull(writer, hash);
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.Mgf1);
                using (writer.PushSequence())
                {
                    WriteWithNull(writer, hash);
                }
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
            {
                writer.WriteInteger(saltLength);
            }
        }
    }

    // only the three combinations people use: one hash throughout, salt as long as the hash
    private static SignatureAlgorithm ReadPss(AsnCursor sequence)
    {
        if (!sequence.NextIs(UniversalTagNumber.Sequence))
        {
            return SignatureAlgorithm.Other;
        }

        var parameters = sequence.Sequence();
        if (!parameters.NextIsContext(0))
        {
            return SignatureAlgorithm.RsaSha1; // the default hash
        }

        var hash = parameters.Context(0).Sequence().Oid();
        if (!parameters.NextIsContext(1))
        {
            return SignatureAlgorithm.Other;
        }

        var mask = parameters.Context(1).Sequence();
        if (mask.Oid() != Oids.Mgf1 || mask.Sequence().Oid() != hash || !parameters.NextIsContext(2))
        {
            return SignatureAlgorithm.Other;
        }

        var salt = parameters.Context(2).SmallInteger();
        return (hash, salt, parameters.HasData) switch
        {
            (Oids.Sha256, 32, false) => SignatureAlgorithm.RsaPssSha256,
            (Oids.Sha384, 48, false) => SignatureAlgorithm.RsaPssSha384,
            (Oids.Sha512, 64, false) => SignatureAlgorithm.RsaPssSha512,
            _ => SignatureAlgorithm.Other,
        };
    }
}
