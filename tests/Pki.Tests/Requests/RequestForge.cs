using System.Formats.Asn1;
using System.Security.Cryptography;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Requests;

/// <summary>Writes PKCS#10 requests byte by byte, also the ones no library would write.</summary>
internal sealed class RequestForge : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ReadOnlyMemory<byte> Subject { get; set; } = DistinguishedName.Parse("CN=phone 4711, O=Example, C=DE").Encoded;

    public byte[]? PublicKey { get; set; }

    /// <summary>Whole attributes in DER; null leaves out the [0] that RFC 2986 wants.</summary>
    public List<byte[]>? Attributes { get; set; } = [];

    public int Version { get; set; }

    public byte[] Algorithm { get; set; } = SignatureAlgorithms.Encode(SignatureAlgorithm.EcdsaSha256);

    public Func<byte[], byte[]>? Signer { get; set; }

    public byte[] Make()
    {
        var info = new AsnWriter(AsnEncodingRules.BER); // keeps the attributes in the order given
        using (info.PushSequence())
        {
            info.WriteInteger(Version);
            info.WriteEncodedValue(Subject.Span);
            info.WriteEncodedValue(PublicKey ?? _key.ExportSubjectPublicKeyInfo());
            if (Attributes is not null)
            {
                using (info.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    Attributes.ForEach(attribute => info.WriteEncodedValue(attribute));
                }
            }
        }

        var signed = info.Encode();
        var request = new AsnWriter(AsnEncodingRules.DER);
        using (request.PushSequence())
        {
            request.WriteEncodedValue(signed);
            request.WriteEncodedValue(Algorithm);
            request.WriteBitString(Signer?.Invoke(signed) ?? _key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }

        return request.Encode();
    }

    public RequestForge Extensions(params (string Oid, bool Critical, byte[] Value)[] extensions) =>
        Attribute(Oids.ExtensionRequest, ExtensionList(extensions));

    public RequestForge Attribute(string oid, byte[] value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            using (writer.PushSetOf())
            {
                writer.WriteEncodedValue(value);
            }
        }

        Attributes!.Add(writer.Encode());
        return this;
    }

    public static byte[] ExtensionList(params (string Oid, bool Critical, byte[] Value)[] extensions)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var (oid, critical, value) in extensions)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(oid);
                    if (critical)
                    {
                        writer.WriteBoolean(true);
                    }

                    writer.WriteOctetString(value);
                }
            }
        }

        return writer.Encode();
    }

    public static byte[] Text(UniversalTagNumber type, string value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteCharacterString(type, value);
        return writer.Encode();
    }

    public static byte[] EcSpki(byte[] parameters, ReadOnlySpan<byte> point) => Spki(Oids.EcPublicKey, parameters, point);

    public static byte[] RsaSpki(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(modulus);
            writer.WriteIntegerUnsigned(exponent);
        }

        return Spki(Oids.RsaEncryption, [5, 0], writer.Encode());
    }

    public static byte[] Oid(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }

    public static byte[] Spki(string algorithm, byte[] parameters, ReadOnlySpan<byte> bits)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(algorithm);
                if (parameters.Length > 0)
                {
                    writer.WriteEncodedValue(parameters);
                }
            }

            writer.WriteBitString(bits);
        }

        return writer.Encode();
    }

    public void Dispose() => _key.Dispose();
}
