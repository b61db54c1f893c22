using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace Countersign.Pki.X509;

/// <summary>The string types of names: all of them are read, three are written (RFC 5280, 4.1.2.4).</summary>
internal static class NameStrings
{
    private static readonly UniversalTagNumber[] TextTypes =
    [
        UniversalTagNumber.UTF8String, UniversalTagNumber.PrintableString, UniversalTagNumber.IA5String, UniversalTagNumber.BMPString,
        UniversalTagNumber.T61String, UniversalTagNumber.NumericString, UniversalTagNumber.VisibleString, UniversalTagNumber.UniversalString,
    ];

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding StrictUtf16 = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UTF32Encoding StrictUtf32 = new(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true);

    /// <summary>The text of a value, or "#" and the hex of its DER when it is no string.</summary>
    public static string Decode(Asn1Tag tag, ReadOnlySpan<byte> content, ReadOnlySpan<byte> encoded, out bool isText)
    {
        isText = tag is { TagClass: TagClass.Universal, IsConstructed: false } && Array.IndexOf(TextTypes, (UniversalTagNumber)tag.TagValue) >= 0;
        if (!isText)
        {
            return string.Concat("#", Convert.ToHexStringLower(encoded));
        }

        try
        {
            return (UniversalTagNumber)tag.TagValue switch
            {
                UniversalTagNumber.UTF8String => StrictUtf8.GetString(content),
                UniversalTagNumber.BMPString => StrictUtf16.GetString(content),
                UniversalTagNumber.UniversalString => StrictUtf32.GetString(content),
                UniversalTagNumber.T61String => Encoding.Latin1.GetString(content), // what every implementation really does
                _ => Ascii(content), // the alphabet is not checked: '@' and '_' in PrintableString are everywhere
            };
        }
        catch (ArgumentException e)
        {
            throw new RefusalException(Refusal.BadName, $"A name is not valid {(UniversalTagNumber)tag.TagValue}", e);
        }
    }

    public static string Ascii(ReadOnlySpan<byte> content) => System.Text.Ascii.IsValid(content)
        ? Encoding.ASCII.GetString(content)
        : throw new RefusalException(Refusal.BadName, "A name of an ASCII type contains other bytes");

    /// <summary>Writes a value in the type its attribute calls for.</summary>
    public static void Write(AsnWriter writer, string oid, string value)
    {
        switch (oid)
        {
            case Oids.Country or Oids.SerialNumber or Oids.DnQualifier:
                writer.WriteCharacterString(UniversalTagNumber.PrintableString, IsPrintable(value) ? value : throw NotOf(oid, value));
                break;
            case Oids.EmailAddress or Oids.DomainComponent:
                writer.WriteCharacterString(UniversalTagNumber.IA5String, System.Text.Ascii.IsValid(value) ? value : throw NotOf(oid, value));
                break;
            default:
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, value);
                break;
        }
    }

    /// <summary>True when a value read with this tag may be signed as it is: the types <see cref="Write"/> uses, and PrintableString.</summary>
    public static bool MayStay(string oid, Asn1Tag tag, string value)
    {
        if (tag.TagClass != TagClass.Universal)
        {
            return false;
        }

        return (UniversalTagNumber)tag.TagValue switch
        {
            UniversalTagNumber.PrintableString => oid is not (Oids.EmailAddress or Oids.DomainComponent) && IsPrintable(value),
            UniversalTagNumber.UTF8String => oid is not (Oids.Country or Oids.SerialNumber or Oids.DnQualifier or Oids.EmailAddress or Oids.DomainComponent),
            UniversalTagNumber.IA5String => oid is Oids.EmailAddress or Oids.DomainComponent,
            _ => false,
        };
    }

    /// <summary>What makes a text unfit to be signed and shown, or null.</summary>
    public static string? Flaw(string value)
    {
        if (value.Length == 0)
        {
            return "is empty";
        }

        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c is >= ' ' and <= '~')
            {
                continue;
            }

            if (char.IsControl(c))
            {
                return $"contains the control character U+{(int)c:X4}";
            }

            if (c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C' or '\uFEFF')
            {
                return $"contains the invisible direction mark U+{(int)c:X4}, which makes it look like another name";
            }

            if (char.IsSurrogate(c))
            {
                if (!char.IsHighSurrogate(c) || i + 1 == value.Length || !char.IsLowSurrogate(value[i + 1]))
                {
                    return "is not valid Unicode";
                }

                i++;
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || (c & 0xFFFE) == 0xFFFE)
            {
                return $"contains U+{(int)c:X4}";
            }
        }

        return null;
    }

    // X.680, 41.4
    private static bool IsPrintable(string value)
    {
        foreach (var c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !" '()+,-./:=?".Contains(c))
            {
                return false;
            }
        }

        return true;
    }

    private static RefusalException NotOf(string oid, string value) =>
        new(Refusal.BadName, $"{AttributeNames.ShortName(oid)} cannot hold \"{value}\": only ASCII letters, digits and simple punctuation");
}
