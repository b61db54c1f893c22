namespace Countersign.Pki.Ocsp;

/// <summary>The certificate an OCSP client asks about (CertID, RFC 6960 4.1.1). Points into the bytes it was read from.</summary>
/// <param name="Encoded">Its DER, repeated unchanged in the answer.</param>
/// <param name="HashOid">Hash algorithm of the two hashes.</param>
/// <param name="IssuerNameHash">Hash over the issuer's name.</param>
/// <param name="IssuerKeyHash">Hash over the issuer's key bits.</param>
/// <param name="Serial">Serial number, unsigned big-endian without leading zeros.</param>
public readonly record struct OcspCertId(
    ReadOnlyMemory<byte> Encoded,
    string HashOid,
    ReadOnlyMemory<byte> IssuerNameHash,
    ReadOnlyMemory<byte> IssuerKeyHash,
    ReadOnlyMemory<byte> Serial)
{
    internal static OcspCertId Read(ref X509.AsnCursor reader)
    {
        var encoded = reader.Encoded();
        var id = new X509.AsnCursor(encoded).Sequence();
        string hash = id.Sequence().Oid();
        var name = id.OctetString();
        var key = id.OctetString();
        var serial = id.Integer();
        id.End();
        return new OcspCertId(encoded, hash, name, key, serial.Length > 1 && serial.Span[0] == 0 ? serial[1..] : serial);
    }
}
