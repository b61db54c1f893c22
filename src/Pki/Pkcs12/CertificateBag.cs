using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Countersign.Pki.X509;

namespace Countersign.Pki.Pkcs12;

/// <summary>CertBag and bag attributes (RFC 7292, 4.2.3 and RFC 2985, 5.5).</summary>
internal static class CertificateBag
{
    public const string X509 = "1.2.840.113549.1.9.22.1";

    /// <summary>Certificates lie in a bag as an OCTET STRING.</summary>
    public static byte[] Wrap(ReadOnlyMemory<byte> certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(certificate.Span);
        return writer.Encode();
    }

    public static ReadOnlyMemory<byte> Unwrap(ReadOnlyMemory<byte> value)
    {
        var cursor = new AsnCursor(value, AsnEncodingRules.BER);
        return cursor.AnyOctetString();
    }

    public static AsnEncodedData FriendlyName(string name)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteCharacterString(UniversalTagNumber.BMPString, name);
        return new AsnEncodedData(new Oid(Oids.FriendlyName), writer.Encode());
    }

    public static string? ReadFriendlyName(CryptographicAttributeObjectCollection attributes)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Oid.Value == Oids.FriendlyName && attribute.Values is [var value, ..])
            {
                var cursor = new AsnCursor(value.RawData, AsnEncodingRules.BER);
                return Encoding.BigEndianUnicode.GetString(cursor.Content().Span);
            }
        }

        return null;
    }
}
