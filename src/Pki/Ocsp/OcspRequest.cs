using System.Formats.Asn1;
using Countersign.Pki.X509;

namespace Countersign.Pki.Ocsp;

/// <summary>An OCSP question (RFC 6960 4.1). A signature on it is allowed and not looked at: anybody may ask.</summary>
public sealed class OcspRequest
{
    /// <summary>Largest request read, in octets.</summary>
    public const int LargestRequest = 16 * 1024;

    /// <summary>Most certificates one request may ask about.</summary>
    public const int MostIds = 50;

    // RFC 9654 2.1 (RFC 8954 had 32)
    private const int LongestNonce = 128;

    internal const string NonceOid = "1.3.6.1.5.5.7.48.1.2";

    private OcspRequest(IReadOnlyList<OcspCertId> ids, ReadOnlyMemory<byte> nonce)
    {
        Ids = ids;
        Nonce = nonce;
    }

    /// <summary>What is asked about, at least one.</summary>
    public IReadOnlyList<OcspCertId> Ids { get; }

    /// <summary>The nonce, 1 to 128 octets; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Nonce { get; }

    /// <summary>Reads DER.</summary>
    /// <exception cref="RefusalException"><see cref="Refusal.Malformed"/>: answer malformedRequest; <see cref="Refusal.RequestTooLarge"/> beyond the limits.</exception>
    public static OcspRequest Decode(ReadOnlyMemory<byte> der)
    {
        if (der.Length > LargestRequest)
        {
            throw new RefusalException(Refusal.RequestTooLarge, $"{der.Length} octets, at most {LargestRequest} are read");
        }

        try
        {
            return Read(der);
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, $"not an OCSP request: {DerWords.Of(e)}", e);
        }
    }

    /// <summary>Writes a question, as clients do.</summary>
    public static byte[] Encode(IReadOnlyList<OcspCertId> ids, ReadOnlySpan<byte> nonce = default)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                foreach (var id in ids)
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteEncodedValue(id.Encoded.Span);
                    }
                }
            }

            if (!nonce.IsEmpty)
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
                {
                    WriteNonce(writer, nonce);
                }
            }
        }

        return writer.Encode();
    }

    /// <summary>Extensions with the nonce alone.</summary>
    internal static void WriteNonce(AsnWriter writer, ReadOnlySpan<byte> nonce)
    {
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(NonceOid);
            using (writer.PushOctetString())
            {
                writer.WriteOctetString(nonce);
            }
        }
    }

    internal static ReadOnlyMemory<byte> ReadNonce(AsnCursor extensions)
    {
        ReadOnlyMemory<byte> nonce = default;
        while (extensions.HasData)
        {
            var extension = extensions.Sequence();
            string oid = extension.Oid();
            bool critical = extension.NextIs(UniversalTagNumber.Boolean) && extension.Boolean();
            var value = extension.OctetString();
            if (oid != NonceOid)
            {
                // acceptable responses, service locator and the like are hints; what must be understood must be understood
                if (critical)
                {
                    throw DerWords.Fault($"critical extension {oid} is not known");
                }

                continue;
            }

            var inner = new AsnCursor(value);
            nonce = inner.OctetString();
            inner.End();
            if (nonce.Length is 0 or > LongestNonce)
            {
                throw DerWords.Fault($"a nonce of {nonce.Length} octets; 1 to {LongestNonce} are possible (RFC 9654 2.1)");
            }
        }

        return nonce;
    }

    private static OcspRequest Read(ReadOnlyMemory<byte> der)
    {
        var outer = new AsnCursor(der);
        var request = outer.Sequence();
        outer.End();
        var tbs = request.Sequence();
        if (tbs.NextIsContext(0) && tbs.Context(0).SmallInteger() != 0)
        {
            throw DerWords.Fault("the version is not 1");
        }

        if (tbs.NextIsContext(1))
        {
            tbs.Encoded();
        }

        var list = tbs.Sequence();
        List<OcspCertId> ids = new(1);
        while (list.HasData)
        {
            if (ids.Count == MostIds)
            {
                throw new RefusalException(Refusal.RequestTooLarge, $"more than {MostIds} certificates in one question");
            }

            var single = list.Sequence();
            ids.Add(OcspCertId.Read(ref single));
        }

        if (ids.Count == 0)
        {
            throw DerWords.Fault("nothing is asked");
        }

        var nonce = tbs.NextIsContext(2) ? ReadNonce(tbs.Context(2).Sequence()) : default;
        tbs.End();
        return new OcspRequest(ids, nonce);
    }
}
