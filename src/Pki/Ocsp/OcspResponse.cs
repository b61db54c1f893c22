using System.Formats.Asn1;
using Countersign.Pki.Crl;
using Countersign.Pki.X509;

namespace Countersign.Pki.Ocsp;

/// <summary>An OCSP answer as a client reads it (RFC 6960 4.2). Reading does not verify: see <see cref="VerifySignature"/>.</summary>
public sealed class OcspResponse
{
    private OcspResponse(OcspResponseStatus status) => Status = status;

    /// <summary>Whether there is an answer.</summary>
    public OcspResponseStatus Status { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset ProducedAt { get; private set; }

    /// <summary>SHA-1 over the signer's key bits; null when the signer is named instead.</summary>
    public byte[]? ResponderKeyHash { get; private set; }

    /// <summary>The signer's name; null when the key is named instead.</summary>
    public DistinguishedName? ResponderName { get; private set; }

    /// <summary>The answers.</summary>
    public IReadOnlyList<OcspSingle> Singles { get; private set; } = [];

    /// <summary>The nonce; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Nonce { get; private set; }

    /// <summary>Certificates that came along.</summary>
    public IReadOnlyList<Certificate> Certificates { get; private set; } = [];

    /// <summary>The algorithm of the signature.</summary>
    public SignatureAlgorithm SignatureAlgorithm { get; private set; }

    private ReadOnlyMemory<byte> Data { get; set; }

    private ReadOnlyMemory<byte> Signature { get; set; }

    /// <summary>Reads DER.</summary>
    /// <exception cref="RefusalException"><see cref="Refusal.Malformed"/>.</exception>
    public static OcspResponse Decode(ReadOnlyMemory<byte> der)
    {
        try
        {
            return Read(der);
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, $"not an OCSP response: {DerWords.Of(e)}", e);
        }
    }

    /// <summary>Whether this key made the signature.</summary>
    public bool VerifySignature(SubjectPublicKey signer) => signer.Verify(Data.Span, Signature.Span, SignatureAlgorithm);

    private static OcspResponse Read(ReadOnlyMemory<byte> der)
    {
        var outer = new AsnCursor(der);
        var body = outer.Sequence();
        outer.End();
        var status = Enumerated<OcspResponseStatus>(body.Encoded());
        var response = new OcspResponse(status);
        if (!body.HasData)
        {
            return response;
        }

        var bytes = body.Context(0).Sequence();
        if (bytes.Oid() != "1.3.6.1.5.5.7.48.1.1")
        {
            throw DerWords.Fault("not a basic response");
        }

        var basic = new AsnCursor(bytes.OctetString()).Sequence();
        response.Data = basic.Encoded();
        response.SignatureAlgorithm = SignatureAlgorithms.Read(basic.Sequence());
        response.Signature = basic.Bytes();
        if (basic.NextIsContext(0))
        {
            List<Certificate> certificates = [];
            for (var list = basic.Context(0).Sequence(); list.HasData;)
            {
                certificates.Add(Certificate.Decode(list.Encoded()));
            }

            response.Certificates = certificates;
        }

        response.ReadData(new AsnCursor(response.Data).Sequence());
        return response;
    }

    private void ReadData(AsnCursor data)
    {
        if (data.NextIsContext(0))
        {
            data.Encoded();
        }

        if (data.NextIsContext(1))
        {
            ResponderName = DistinguishedName.Decode(data.Context(1).Encoded());
        }
        else
        {
            ResponderKeyHash = data.Context(2).OctetString().ToArray();
        }

        ProducedAt = data.GeneralizedTime();
        List<OcspSingle> singles = [];
        for (var list = data.Sequence(); list.HasData;)
        {
            singles.Add(ReadSingle(list.Sequence()));
        }

        Singles = singles;
        Nonce = data.NextIsContext(1) ? OcspRequest.ReadNonce(data.Context(1).Sequence()) : default;
    }

    private static OcspSingle ReadSingle(AsnCursor single)
    {
        var id = OcspCertId.Read(ref single);
        var status = (OcspCertStatus)single.Peek().TagValue;
        DateTimeOffset? revokedAt = null;
        var reason = RevocationReason.Unspecified;
        if (status == OcspCertStatus.Revoked)
        {
            var info = single.Context(1);
            revokedAt = info.GeneralizedTime();
            reason = info.NextIsContext(0) ? Enumerated<RevocationReason>(info.Context(0).Encoded()) : reason;
        }
        else
        {
            single.Encoded();
        }

        var thisUpdate = single.GeneralizedTime();
        DateTimeOffset? nextUpdate = single.NextIsContext(0) ? single.Context(0).GeneralizedTime() : null;
        return new OcspSingle(id, status, revokedAt, reason, thisUpdate, nextUpdate);
    }

    private static T Enumerated<T>(ReadOnlyMemory<byte> encoded)
        where T : struct, Enum
    {
        var value = AsnDecoder.ReadEnumeratedValue<T>(encoded.Span, AsnEncodingRules.DER, out _);
        return Enum.IsDefined(value) ? value : throw DerWords.Fault("an unknown value");
    }
}
