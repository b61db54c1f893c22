using System.Formats.Asn1;
using Countersign.Pki.X509;

namespace Countersign.Pki.Pkcs12;

/// <summary>
/// Adds up the iteration counts an encrypted file asks for before any of them is worked off: a file that asks for two thousand million rounds would keep a processor busy
/// for an hour.
/// </summary>
internal static class KeyDerivationLimit
{
    /// <summary>Rounds one file may ask for in all. The common programs write 2,000 to 600,000 in each of three places.</summary>
    public const long MostRounds = 2_500_000;

    // the derivation of the MAC (RFC 7292, B.2) is the slower one
    private const int CostOfMacRound = 2;

    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";

    /// <summary>Rounds of an EncryptedPrivateKeyInfo (RFC 5958, 3).</summary>
    public static long OfEncryptedKey(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnCursor(der, AsnEncodingRules.BER);
        return OfAlgorithm(reader.Sequence().Sequence());
    }

    /// <summary>Rounds of a whole PFX (RFC 7292, 4) as far as they can be seen from outside.</summary>
    public static long OfPfx(ReadOnlyMemory<byte> der)
    {
        var pfx = new AsnCursor(der, AsnEncodingRules.BER).Sequence();
        pfx.SmallInteger();
        var authSafe = pfx.Sequence();
        var rounds = 0L;
        if (authSafe.Oid() == Oids.CmsData)
        {
            var safes = new AsnCursor(authSafe.Context(0).AnyOctetString(), AsnEncodingRules.BER).Sequence();
            while (safes.HasData)
            {
                rounds += OfSafe(safes.Sequence());
            }
        }

        if (pfx.HasData)
        {
            var mac = pfx.Sequence();
            mac.Encoded();
            mac.Encoded();
            rounds += mac.HasData ? CostOfMacRound * Rounds(ref mac) : 1;
        }

        return rounds;
    }

    public static void Ensure(long rounds)
    {
        if (rounds is < 0 or > MostRounds)
        {
            throw new RefusalException(Refusal.Malformed, $"The file asks for {rounds} rounds of key derivation, at most {MostRounds} are worked off");
        }
    }

    private static long OfSafe(AsnCursor contentInfo)
    {
        switch (contentInfo.Oid())
        {
            case Oids.CmsEncryptedData:
                var encryptedData = contentInfo.Context(0).Sequence();
                encryptedData.SmallInteger();
                var content = encryptedData.Sequence();
                content.Oid();
                return OfAlgorithm(content.Sequence());
            case Oids.CmsData:
                return OfBags(contentInfo.Context(0).AnyOctetString());
            default:
                return 0;
        }
    }

    private static long OfBags(ReadOnlyMemory<byte> safeContents)
    {
        const string ShroudedKeyBag = "1.2.840.113549.1.12.10.1.2";
        var bags = new AsnCursor(safeContents, AsnEncodingRules.BER).Sequence();
        var rounds = 0L;
        while (bags.HasData)
        {
            var bag = bags.Sequence();
            if (bag.Oid() == ShroudedKeyBag)
            {
                rounds += OfEncryptedKey(bag.Context(0).Rest);
            }
        }

        return rounds;
    }

    // PBES2 (RFC 8018, A.4) names its derivation inside; the older schemes are salt and count
    private static long OfAlgorithm(AsnCursor algorithm)
    {
        if (algorithm.Oid() == Pbes2)
        {
            var derivation = algorithm.Sequence().Sequence();
            if (derivation.Oid() != Pbkdf2)
            {
                return 0; // the platform does not know it either
            }

            algorithm = derivation;
        }

        if (!algorithm.NextIs(UniversalTagNumber.Sequence))
        {
            return 0;
        }

        var parameters = algorithm.Sequence();
        parameters.Encoded();
        return parameters.HasData ? Rounds(ref parameters) : 0;
    }

    private static long Rounds(ref AsnCursor reader)
    {
        var value = reader.Integer();
        return value.Length > 4 ? long.MaxValue / 1024 : AsNumber(value.Span);

        static long AsNumber(ReadOnlySpan<byte> bytes)
        {
            var rounds = (long)(sbyte)bytes[0];
            foreach (var b in bytes[1..])
            {
                rounds = (rounds << 8) | b;
            }

            return rounds < 0 ? long.MaxValue / 1024 : rounds;
        }
    }
}
