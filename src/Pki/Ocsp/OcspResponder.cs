using System.Formats.Asn1;
using System.Security.Cryptography;
using Countersign.Pki.Crl;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Ocsp;

/// <summary>Writes answers of one signer: the CA itself, or its delegate whose certificate goes with every answer (RFC 6960 4.2.2.2).</summary>
public sealed class OcspResponder
{
    private const string BasicResponse = "1.3.6.1.5.5.7.48.1.1";

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Context2 = new(TagClass.ContextSpecific, 2);

    private readonly SubjectPublicKey _key;
    private readonly byte[] _algorithm;
    private readonly byte[] _responderId;
    private readonly byte[] _certificates;

    /// <param name="signer">The certificate of the key that signs.</param>
    /// <param name="algorithm">Null: <see cref="SigningAlgorithms.For"/>.</param>
    /// <param name="sendCertificate">False when the CA signs itself and clients have its certificate anyway.</param>
    public OcspResponder(Certificate signer, SignatureAlgorithm? algorithm = null, bool sendCertificate = true)
    {
        _key = signer.Key;
        Algorithm = algorithm ?? SigningAlgorithms.For(signer.Key);
        _algorithm = SignatureAlgorithms.Encode(Algorithm);
        var id = new AsnWriter(AsnEncodingRules.DER);
        using (id.PushSequence(Context2))
        {
            id.WriteOctetString(SHA1.HashData(signer.Key.KeyBits.Span));
        }

        _responderId = id.Encode();
        var certificates = new AsnWriter(AsnEncodingRules.DER);
        using (certificates.PushSequence(Context0))
        using (certificates.PushSequence())
        {
            certificates.WriteEncodedValue(signer.Der.Span);
        }

        _certificates = sendCertificate ? certificates.Encode() : [];
    }

    /// <summary>The algorithm of its signatures.</summary>
    public SignatureAlgorithm Algorithm { get; }

    /// <summary>An answer without content: everything but <see cref="OcspResponseStatus.Successful"/>. Never signed.</summary>
    public static byte[] Error(OcspResponseStatus status)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)status, (int)OcspResponseStatus.Successful);
        return [0x30, 0x03, 0x0a, 0x01, (byte)status];
    }

    /// <summary>Builds and signs an answer.</summary>
    /// <param name="singles">One per certificate asked about, at least one.</param>
    /// <param name="producedAt">The present.</param>
    /// <param name="nonce">The request's nonce, or empty for answers that are kept.</param>
    /// <param name="key">The key of the signer's certificate.</param>
    /// <exception cref="RefusalException"><see cref="Refusal.KeyMismatch"/> when it is another key.</exception>
    public byte[] Answer(IReadOnlyList<OcspSingle> singles, DateTimeOffset producedAt, ReadOnlySpan<byte> nonce, ISigningKey key)
    {
        if (key.Algorithm != Algorithm || !(ReferenceEquals(key.PublicKey, _key) || key.PublicKey.Spki.Span.SequenceEqual(_key.Spki.Span)))
        {
            throw new RefusalException(Refusal.KeyMismatch, "the signing key is not the one in the responder's certificate");
        }

        byte[] data = Data(singles, producedAt, nonce);
        byte[] signature = key.Sign(data);
        var writer = new AsnWriter(AsnEncodingRules.DER, data.Length + signature.Length + _certificates.Length + 96);
        using (writer.PushSequence())
        {
            writer.WriteEnumeratedValue(OcspResponseStatus.Successful);
            using (writer.PushSequence(Context0))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(BasicResponse);
                using (writer.PushOctetString())
                using (writer.PushSequence())
                {
                    writer.WriteEncodedValue(data);
                    writer.WriteEncodedValue(_algorithm);
                    writer.WriteBitString(signature);
                    if (_certificates.Length > 0)
                    {
                        writer.WriteEncodedValue(_certificates);
                    }
                }
            }
        }

        return writer.Encode();
    }

    private byte[] Data(IReadOnlyList<OcspSingle> singles, DateTimeOffset producedAt, ReadOnlySpan<byte> nonce)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, 256);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(_responderId);
            WriteTime(writer, producedAt);
            using (writer.PushSequence())
            {
                for (int i = 0; i < singles.Count; i++)
                {
                    WriteSingle(writer, singles[i]);
                }
            }

            if (!nonce.IsEmpty)
            {
                using (writer.PushSequence(Context1))
                {
                    OcspRequest.WriteNonce(writer, nonce);
                }
            }
        }

        return writer.Encode();
    }

    private static void WriteSingle(AsnWriter writer, OcspSingle single)
    {
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(single.Id.Encoded.Span);
            switch (single.Status)
            {
                case OcspCertStatus.Good:
                    writer.WriteNull(Context0);
                    break;
                case OcspCertStatus.Revoked:
                    WriteRevoked(writer, single);
                    break;
                default:
                    writer.WriteNull(Context2);
                    break;
            }

            WriteTime(writer, single.ThisUpdate);
            if (single.NextUpdate is { } next)
            {
                using (writer.PushSequence(Context0))
                {
                    WriteTime(writer, next);
                }
            }
        }
    }

    private static void WriteRevoked(AsnWriter writer, OcspSingle single)
    {
        using (writer.PushSequence(Context1))
        {
            WriteTime(writer, single.RevokedAt ?? throw new ArgumentException("revoked without a time", nameof(single)));
            if (single.Reason != RevocationReason.Unspecified)
            {
                using (writer.PushSequence(Context0))
                {
                    writer.WriteEnumeratedValue(single.Reason);
                }
            }
        }
    }

    private static void WriteTime(AsnWriter writer, DateTimeOffset time) => writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
}
