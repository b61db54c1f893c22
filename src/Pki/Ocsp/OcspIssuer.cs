using System.Formats.Asn1;
using System.Security.Cryptography;
using Countersign.Pki.X509;

namespace Countersign.Pki.Ocsp;

/// <summary>An issuer as CertIDs name it, hashed once. SHA-1 here is a name, not a protection (RFC 6960 4.1.1; clients still send it).</summary>
public sealed class OcspIssuer
{
    private readonly byte[] _sha1Name;
    private readonly byte[] _sha1Key;
    private readonly byte[] _sha256Name;
    private readonly byte[] _sha256Key;

    /// <param name="issuer">The certificate of the CA whose certificates are asked about.</param>
    public OcspIssuer(Certificate issuer)
    {
        var name = issuer.Subject.Encoded.Span;
        var key = issuer.Key.KeyBits.Span;
        _sha1Name = SHA1.HashData(name);
        _sha1Key = SHA1.HashData(key);
        _sha256Name = SHA256.HashData(name);
        _sha256Key = SHA256.HashData(key);
    }

    /// <summary>SHA-1 of the issuer's key bits in lower-case hex: a handy key for finding the issuer of a CertID.</summary>
    public string Sha1KeyHex => Convert.ToHexStringLower(_sha1Key);

    /// <summary>SHA-256 of the issuer's key bits in lower-case hex.</summary>
    public string Sha256KeyHex => Convert.ToHexStringLower(_sha256Key);

    /// <summary>Whether the question is about a certificate of this issuer. False for hash algorithms other than SHA-1 and SHA-256.</summary>
    public bool Matches(in OcspCertId id) => id.HashOid switch
    {
        Oids.Sha1 => id.IssuerKeyHash.Span.SequenceEqual(_sha1Key) && id.IssuerNameHash.Span.SequenceEqual(_sha1Name),
        Oids.Sha256 => id.IssuerKeyHash.Span.SequenceEqual(_sha256Key) && id.IssuerNameHash.Span.SequenceEqual(_sha256Name),
        _ => false,
    };

    /// <summary>The CertID of one of this issuer's certificates, for answers that are made before anybody asks.</summary>
    /// <param name="serial">Unsigned big-endian.</param>
    /// <param name="sha256">SHA-256 instead of SHA-1.</param>
    public OcspCertId CertId(ReadOnlySpan<byte> serial, bool sha256)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, 128);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(sha256 ? Oids.Sha256 : Oids.Sha1);
                writer.WriteNull();
            }

            writer.WriteOctetString(sha256 ? _sha256Name : _sha1Name);
            writer.WriteOctetString(sha256 ? _sha256Key : _sha1Key);
            writer.WriteIntegerUnsigned(serial.TrimStart((byte)0) is { IsEmpty: false } number ? number : [0]);
        }

        var reader = new AsnCursor(writer.Encode());
        return OcspCertId.Read(ref reader);
    }
}
