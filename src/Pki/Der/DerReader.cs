using System.Formats.Asn1;

namespace Countersign.Pki.Der;

/// <summary>
/// Walks tag-length-value elements of DER without copying. Strict: definite, minimal lengths and single-byte tags only.
/// The platform's AsnReader does the same with an object per level; this one is on the path of every certificate and OCSP answer.
/// </summary>
internal struct DerReader(ReadOnlyMemory<byte> data)
{
    public const byte Sequence = 0x30;
    public const byte Set = 0x31;
    public const byte Integer = 0x02;
    public const byte BitString = 0x03;
    public const byte OctetString = 0x04;
    public const byte Null = 0x05;
    public const byte Oid = 0x06;
    public const byte Boolean = 0x01;
    public const byte Enumerated = 0x0a;
    public const byte Utf8String = 0x0c;
    public const byte PrintableString = 0x13;
    public const byte Ia5String = 0x16;
    public const byte UtcTime = 0x17;
    public const byte GeneralizedTime = 0x18;

    private ReadOnlyMemory<byte> _rest = data;

    /// <summary>Nothing is left.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>The tag of the next element, 0 at the end.</summary>
    public readonly byte NextTag => _rest.IsEmpty ? (byte)0 : _rest.Span[0];

    /// <summary>Context-specific tag, primitive or constructed.</summary>
    public static byte Context(int number, bool constructed) => (byte)(0x80 | (constructed ? 0x20 : 0) | number);

    /// <summary>Reads the next element, whatever it is.</summary>
    public DerValue Read()
    {
        var span = _rest.Span;
        if (span.Length < 2)
        {
            throw Malformed("an element ends early");
        }

        if ((span[0] & 0x1f) == 0x1f)
        {
            throw Malformed("a tag number above 30");
        }

        int header = 2;
        int length = span[1];
        if (length >= 0x80)
        {
            int octets = length & 0x7f;
            if (octets is 0 or > 4 || span.Length < 2 + octets)
            {
                throw Malformed("an indefinite or oversized length");
            }

            long value = 0;
            for (int i = 0; i < octets; i++)
            {
                value = (value << 8) | span[2 + i];
            }

            if (value < 0x80 || span[2] == 0 || value > int.MaxValue)
            {
                throw Malformed("a length that is not minimal");
            }

            header += octets;
            length = (int)value;
        }

        if (span.Length - header < length)
        {
            throw Malformed("an element is longer than its container");
        }

        var result = new DerValue(_rest[..(header + length)], header);
        _rest = _rest[(header + length)..];
        return result;
    }

    /// <summary>Reads the next element and insists on its tag.</summary>
    public DerValue Read(byte tag)
    {
        if (NextTag != tag)
        {
            throw Malformed($"tag 0x{tag:x2} expected, 0x{NextTag:x2} found");
        }

        return Read();
    }

    /// <summary>Reads the next element if it has this tag.</summary>
    public bool TryRead(byte tag, out DerValue value)
    {
        if (NextTag != tag || AtEnd)
        {
            value = default;
            return false;
        }

        value = Read();
        return true;
    }

    /// <summary>Insists that nothing is left.</summary>
    public readonly void EnsureEnd()
    {
        if (!_rest.IsEmpty)
        {
            throw Malformed("bytes after the end");
        }
    }

    internal static RefusalException Malformed(string what) => new(Refusal.Malformed, $"not DER: {what}");
}

/// <summary>One element: its whole encoding and where the content starts.</summary>
internal readonly record struct DerValue(ReadOnlyMemory<byte> Encoded, int HeaderLength)
{
    public byte Tag => Encoded.Span[0];

    public ReadOnlyMemory<byte> Content => Encoded[HeaderLength..];

    public ReadOnlySpan<byte> Span => Encoded.Span[HeaderLength..];

    /// <summary>Walks the elements inside.</summary>
    public DerReader Inside() => new(Content);

    /// <summary>The dotted form of an OBJECT IDENTIFIER.</summary>
    public string OidText()
    {
        try
        {
            return AsnDecoder.ReadObjectIdentifier(Encoded.Span, AsnEncodingRules.DER, out _);
        }
        catch (AsnContentException)
        {
            throw DerReader.Malformed("an object identifier");
        }
    }

    /// <summary>A BOOLEAN; only 0x00 and 0xff are DER.</summary>
    public bool Flag() => Span switch
    {
        [0x00] => false,
        [0xff] => true,
        _ => throw DerReader.Malformed("a boolean"),
    };

    /// <summary>A small non-negative INTEGER or ENUMERATED.</summary>
    public int SmallNumber()
    {
        var span = Span;
        if (span.Length is 0 or > 4 || span[0] >= 0x80 || (span.Length > 1 && span[0] == 0 && span[1] < 0x80))
        {
            throw DerReader.Malformed("a small number");
        }

        int value = 0;
        foreach (byte b in span)
        {
            value = (value << 8) | b;
        }

        return value;
    }

    /// <summary>The content octets of a DER INTEGER as unsigned big-endian number without leading zeros; negative ones are malformed.</summary>
    public byte[] Unsigned()
    {
        var span = Span;
        if (span.IsEmpty || span[0] >= 0x80 || (span.Length > 1 && span[0] == 0 && span[1] < 0x80))
        {
            throw DerReader.Malformed("an unsigned number");
        }

        return (span.Length > 1 && span[0] == 0 ? span[1..] : span).ToArray();
    }

    /// <summary>UTCTime (1950–2049) or GeneralizedTime with seconds and Z, as RFC 5280 4.1.2.5 has them.</summary>
    public DateTimeOffset Time()
    {
        try
        {
            return Tag == DerReader.UtcTime
                ? AsnDecoder.ReadUtcTime(Encoded.Span, AsnEncodingRules.DER, out _, twoDigitYearMax: 2049)
                : AsnDecoder.ReadGeneralizedTime(Encoded.Span, AsnEncodingRules.DER, out _);
        }
        catch (AsnContentException)
        {
            throw DerReader.Malformed("a time");
        }
    }
}
