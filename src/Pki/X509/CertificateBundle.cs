using System.Formats.Asn1;
using Countersign.Pki.Pem;

namespace Countersign.Pki.X509;

/// <summary>Files with several certificates.</summary>
internal static class CertificateBundle
{
    public static IReadOnlyList<Certificate> Read(ReadOnlySpan<byte> pemOrDer)
    {
        var found = PemFile.LooksLikeDer(pemOrDer) ? FromDer(pemOrDer.ToArray()) : FromPem(pemOrDer);
        return found.Count > 0 ? found : throw new RefusalException(Refusal.Malformed, "No certificate found");
    }

    private static List<Certificate> FromPem(ReadOnlySpan<byte> text)
    {
        var found = new List<Certificate>();
        var blocks = PemFile.Read(text);
        if (blocks.Count == 0)
        {
            return FromDer(PemFile.OneDer(text, "CERTIFICATE")); // bare base64
        }

        foreach (var block in blocks)
        {
            if (block.Label is "CERTIFICATE")
            {
                found.Add(Certificate.Decode(block.Der));
            }
            else if (block.Label is "PKCS7" or "CMS")
            {
                found.AddRange(FromPkcs7(block.Der));
            }
        }

        return found;
    }

    private static List<Certificate> FromDer(byte[] der)
    {
        if (der.Length > PemFile.DefaultLimit)
        {
            throw new RefusalException(Refusal.RequestTooLarge, $"{der.Length} bytes, at most {PemFile.DefaultLimit} are read");
        }

        return IsPkcs7(der) ? FromPkcs7(der) : [Certificate.Decode(der)];
    }

    // ContentInfo starts with an OBJECT IDENTIFIER, a certificate with a SEQUENCE
    private static bool IsPkcs7(byte[] der)
    {
        try
        {
            return new AsnCursor(der, AsnEncodingRules.BER).Sequence().NextIs(UniversalTagNumber.ObjectIdentifier);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static List<Certificate> FromPkcs7(byte[] der)
    {
        try
        {
            var contentInfo = new AsnCursor(der, AsnEncodingRules.BER).Sequence();
            if (contentInfo.Oid() != Oids.CmsSignedData)
            {
                throw new RefusalException(Refusal.Malformed, "This PKCS#7 file holds no certificates");
            }

            var signedData = contentInfo.Context(0).Sequence();
            signedData.SmallInteger();
            signedData.SetOf();
            signedData.Encoded();
            var found = new List<Certificate>();
            if (signedData.NextIsContext(0))
            {
                var certificates = signedData.SetOf(new Asn1Tag(TagClass.ContextSpecific, 0));
                while (certificates.HasData)
                {
                    found.Add(Certificate.Decode(certificates.Encoded()));
                }
            }

            return found;
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, $"PKCS#7: {DerWords.Of(e)}", e);
        }
    }
}
