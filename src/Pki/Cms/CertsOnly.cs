using System.Formats.Asn1;
using Countersign.Pki.X509;

namespace Countersign.Pki.Cms;

/// <summary>A SignedData without signers that carries certificates ("certs-only", RFC 5652 5, RFC 7030 4.1.3; PKCS #7 files).</summary>
public static class CertsOnly
{
    /// <summary>
    /// Writes DER ContentInfo. The certificates keep their order, the leaf first: some clients take the first one, and
    /// CMS lets a set be in any order outside what is signed (RFC 5652 2).
    /// </summary>
    public static byte[] Write(IReadOnlyList<ReadOnlyMemory<byte>> certificates)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        var context0 = new Asn1Tag(TagClass.ContextSpecific, 0);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.CmsSignedData);
            using (writer.PushSequence(context0))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                WriteEmptySet(writer);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.CmsData);
                }

                using (writer.PushSequence(context0))
                {
                    foreach (var certificate in certificates)
                    {
                        writer.WriteEncodedValue(certificate.Span);
                    }
                }

                WriteEmptySet(writer);
            }
        }

        return writer.Encode();
    }

    /// <summary>Writes certificates in the order given.</summary>
    public static byte[] Write(IEnumerable<Certificate> certificates) => Write(certificates.Select(c => c.Der).ToList());

    /// <summary>Reads the certificates, DER or PEM, in the order of the file.</summary>
    /// <exception cref="RefusalException"><see cref="Refusal.Malformed"/>.</exception>
    public static IReadOnlyList<Certificate> Read(ReadOnlySpan<byte> pemOrDer) => Certificate.ReadBundle(pemOrDer);

    private static void WriteEmptySet(AsnWriter writer)
    {
        using (writer.PushSetOf())
        {
        }
    }
}
