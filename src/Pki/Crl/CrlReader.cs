using System.Formats.Asn1;
using System.Numerics;
using System.Text;
using Countersign.Pki.X509;

namespace Countersign.Pki.Crl;

/// <summary>One revoked certificate.</summary>
/// <param name="Serial">Unsigned big-endian without leading zeros.</param>
/// <param name="RevokedAt">When.</param>
/// <param name="Reason"><see cref="RevocationReason.Unspecified"/> when none is given.</param>
public sealed record CrlEntry(byte[] Serial, DateTimeOffset RevokedAt, RevocationReason Reason);

/// <summary>A CRL (RFC 5280 5). Entries are read only when they are walked, so a large list costs its bytes and nothing more.</summary>
public sealed class CrlReader
{
    private readonly ReadOnlyMemory<byte> _entries;

    private CrlReader(ReadOnlyMemory<byte> der)
    {
        Der = der;
        var outer = new AsnCursor(der);
        var list = outer.Sequence();
        outer.End();
        Tbs = list.Encoded();
        var algorithm = list.Encoded();
        Signature = list.Bytes();
        list.End();
        SignatureAlgorithm = SignatureAlgorithms.Decode(algorithm);
        var tbs = new AsnCursor(Tbs).Sequence();
        if (tbs.NextIs(UniversalTagNumber.Integer))
        {
            tbs.SmallInteger();
        }

        if (!tbs.Encoded().Span.SequenceEqual(algorithm.Span))
        {
            throw DerWords.Fault("the two signature algorithms differ");
        }

        Issuer = DistinguishedName.Decode(tbs.Encoded());
        ThisUpdate = tbs.Time();
        NextUpdate = tbs.NextIs(UniversalTagNumber.UtcTime) || tbs.NextIs(UniversalTagNumber.GeneralizedTime) ? tbs.Time() : null;
        _entries = tbs.NextIs(UniversalTagNumber.Sequence) ? tbs.Content() : default;
        ReadExtensions(tbs);
    }

    /// <summary>The whole list.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The signed part.</summary>
    public ReadOnlyMemory<byte> Tbs { get; }

    /// <summary>Who signed.</summary>
    public DistinguishedName Issuer { get; }

    /// <summary>When the list was made.</summary>
    public DateTimeOffset ThisUpdate { get; }

    /// <summary>When the next one is due; null: not said.</summary>
    public DateTimeOffset? NextUpdate { get; }

    /// <summary>CRL number; null in version 1 lists.</summary>
    public BigInteger? Number { get; private set; }

    /// <summary>Key identifier of the signer; null when not given.</summary>
    public byte[]? AuthorityKeyIdentifier { get; private set; }

    /// <summary>Address in the issuing distribution point; null when there is none.</summary>
    public string? DistributionPoint { get; private set; }

    /// <summary>Indirect, for some reasons only, or for attribute certificates: other lists belong to it (RFC 5280 5.2.5).</summary>
    public bool IsPartial { get; private set; }

    /// <summary>Algorithm of the signature.</summary>
    public SignatureAlgorithm SignatureAlgorithm { get; }

    /// <summary>The signature.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Reads a list in DER.</summary>
    /// <exception cref="RefusalException"><see cref="Refusal.Malformed"/>.</exception>
    public static CrlReader Decode(ReadOnlyMemory<byte> der)
    {
        try
        {
            return new CrlReader(der);
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, $"not a CRL: {DerWords.Of(e)}", e);
        }
    }

    /// <summary>The entries in the order of the list.</summary>
    /// <exception cref="RefusalException"><see cref="Refusal.Malformed"/> at the first entry that cannot be read.</exception>
    public IEnumerable<CrlEntry> Entries()
    {
        var rest = _entries;
        while (!rest.IsEmpty)
        {
            yield return Next(ref rest);
        }
    }

    /// <summary>The entry of one serial number, or null.</summary>
    public CrlEntry? Find(ReadOnlySpan<byte> serial)
    {
        serial = serial.TrimStart((byte)0);
        var rest = _entries;
        while (!rest.IsEmpty)
        {
            var entry = Next(ref rest);
            if (serial.SequenceEqual(entry.Serial))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Whether this key made the signature.</summary>
    public bool VerifySignature(SubjectPublicKey issuerKey) => issuerKey.Verify(Tbs.Span, Signature.Span, SignatureAlgorithm);

    private static CrlEntry Next(ref ReadOnlyMemory<byte> rest)
    {
        try
        {
            var cursor = new AsnCursor(rest);
            var entry = cursor.Sequence();
            rest = cursor.Rest;
            byte[] serial = entry.Integer().Span.TrimStart((byte)0).ToArray();
            var time = entry.Time();
            var reason = RevocationReason.Unspecified;
            for (var extensions = entry.HasData ? entry.Sequence() : default; extensions.HasData;)
            {
                var extension = extensions.Sequence();
                bool isReason = extension.Oid() == Oids.CrlReason;
                if (extension.NextIs(UniversalTagNumber.Boolean))
                {
                    extension.Boolean();
                }

                var value = extension.OctetString();
                if (isReason)
                {
                    reason = Reason(value);
                }
            }

            return new CrlEntry(serial, time, reason);
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, $"not a CRL entry: {DerWords.Of(e)}", e);
        }
    }

    private static RevocationReason Reason(ReadOnlyMemory<byte> value)
    {
        var bytes = AsnDecoder.ReadEnumeratedBytes(value.Span, AsnEncodingRules.DER, out _);
        var reason = (RevocationReason)bytes[^1];
        return bytes.Length == 1 && Enum.IsDefined(reason) ? reason : throw DerWords.Fault("an unknown reason");
    }

    private void ReadExtensions(AsnCursor tbs)
    {
        if (!tbs.HasData)
        {
            return;
        }

        var wrapper = tbs.Context(0);
        tbs.End();
        foreach (var extension in Extension.ReadAll(ref wrapper))
        {
            switch (extension.Oid)
            {
                case Oids.CrlNumber:
                    Number = new BigInteger(new AsnCursor(extension.Value).Integer().Span, isUnsigned: false, isBigEndian: true);
                    break;
                case Oids.AuthorityKeyIdentifier:
                    AuthorityKeyIdentifier = ExtensionValues.ReadAuthorityKeyIdentifier(extension.Value);
                    break;
                case Oids.IssuingDistributionPoint:
                    DistributionPoint = FirstUri(new AsnCursor(extension.Value).Sequence());
                    IsPartial = SaysPart(new AsnCursor(extension.Value).Sequence());
                    break;
                case var _ when extension.Critical:
                    throw new RefusalException(Refusal.Malformed, $"critical CRL extension {extension.Oid} is not known");
            }
        }
    }

    // onlySomeReasons [3], indirectCRL [4], onlyContainsAttributeCerts [5]
    private static bool SaysPart(AsnCursor point)
    {
        const int FirstOfThem = 3;
        while (point.HasData)
        {
            if (point.Peek().TagValue >= FirstOfThem)
            {
                return true;
            }

            point.Content();
        }

        return false;
    }

    private static string? FirstUri(AsnCursor point)
    {
        if (!point.NextIsContext(0))
        {
            return null;
        }

        var name = point.Context(0);
        for (var names = name.NextIsContext(0) ? name.Context(0) : default; names.HasData;)
        {
            int kind = names.Peek().TagValue;
            var content = names.Content();
            if (kind == 6)
            {
                return Encoding.ASCII.GetString(content.Span);
            }
        }

        return null;
    }
}
