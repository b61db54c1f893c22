using System.Formats.Asn1;
using System.Numerics;

namespace Countersign.Pki.X509;

/// <summary>Key usage bits of RFC 5280, 4.2.1.3; the value of bit n is 1 &lt;&lt; n.</summary>
[Flags]
public enum KeyUsages
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>Bit 0.</summary>
    DigitalSignature = 1,

    /// <summary>Bit 1, also called content commitment.</summary>
    NonRepudiation = 2,

    /// <summary>Bit 2.</summary>
    KeyEncipherment = 4,

    /// <summary>Bit 3.</summary>
    DataEncipherment = 8,

    /// <summary>Bit 4.</summary>
    KeyAgreement = 16,

    /// <summary>Bit 5.</summary>
    KeyCertSign = 32,

    /// <summary>Bit 6.</summary>
    CrlSign = 64,

    /// <summary>Bit 7.</summary>
    EncipherOnly = 128,

    /// <summary>Bit 8.</summary>
    DecipherOnly = 256,
}

/// <summary>The usages one by one.</summary>
public static class KeyUsageNames
{
    /// <summary>The names of the bits that are set, in the order of RFC 5280 section 4.2.1.3.</summary>
    public static string[] Names(this KeyUsages usages) =>
        [.. Enum.GetValues<KeyUsages>().Where(u => u != KeyUsages.None && usages.HasFlag(u)).Select(u => u.ToString())];
}

/// <summary>The values of the small extensions.</summary>
internal static class ExtensionValues
{
    public static KeyUsages ReadKeyUsage(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnCursor(value);
        var bits = reader.BitString(out _).Span;
        reader.End();
        var usages = KeyUsages.None;
        for (var bit = 0; bit < Math.Min(9, bits.Length * 8); bit++)
        {
            if ((bits[bit / 8] & (0x80 >> (bit % 8))) != 0)
            {
                usages |= (KeyUsages)(1 << bit);
            }
        }

        return usages;
    }

    /// <summary>DER of a named bit list: trailing zero bits are cut off.</summary>
    public static byte[] WriteKeyUsage(KeyUsages usages)
    {
        Span<byte> bits = stackalloc byte[2];
        for (var bit = 0; bit < 9; bit++)
        {
            if (((int)usages & (1 << bit)) != 0)
            {
                bits[bit / 8] |= (byte)(0x80 >> (bit % 8));
            }
        }

        var length = bits[1] != 0 ? 2 : bits[0] != 0 ? 1 : 0;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteBitString(bits[..length], length == 0 ? 0 : BitOperations.TrailingZeroCount(bits[length - 1]));
        return writer.Encode();
    }

    public static (bool IsCa, int? PathLength) ReadBasicConstraints(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnCursor(value);
        var sequence = reader.Sequence();
        reader.End();
        var isCa = sequence.NextIs(UniversalTagNumber.Boolean) && sequence.Boolean();
        int? pathLength = sequence.HasData ? sequence.SmallInteger() : null;
        sequence.End();
        return pathLength is null or >= 0 ? (isCa, pathLength) : throw DerWords.Fault("The path length is negative");
    }

    public static IReadOnlyList<string> ReadExtendedKeyUsage(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnCursor(value);
        var sequence = reader.Sequence();
        reader.End();
        var usages = new List<string>();
        while (sequence.HasData)
        {
            usages.Add(sequence.Oid());
        }

        return usages;
    }

    public static byte[] ReadSubjectKeyIdentifier(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnCursor(value);
        var identifier = reader.OctetString();
        reader.End();
        return identifier.ToArray();
    }

    /// <summary>The key identifier [0] alone; issuer and serial, which old CAs put beside it, are not used for anything.</summary>
    public static byte[]? ReadAuthorityKeyIdentifier(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnCursor(value);
        var sequence = reader.Sequence();
        reader.End();
        return sequence.NextIsContext(0) ? sequence.OctetString(new Asn1Tag(TagClass.ContextSpecific, 0)).ToArray() : null;
    }
}
