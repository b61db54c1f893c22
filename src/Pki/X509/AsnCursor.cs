using System.Formats.Asn1;

namespace Countersign.Pki.X509;

/// <summary>
/// Walks a DER value without copying or allocating; every wrong byte is an <see cref="AsnContentException"/>, which public entry points turn into a refusal.
/// SET OF order is not checked: real clients send unsorted attributes.
/// </summary>
internal struct AsnCursor(ReadOnlyMemory<byte> data, AsnEncodingRules rules = AsnEncodingRules.DER)
{
    // a real object identifier has a dozen bytes; arcs of unlimited size would make turning it into text slow
    private const int LongestOid = 64;

    private ReadOnlyMemory<byte> _rest = data;

    public readonly bool HasData => !_rest.IsEmpty;

    public readonly ReadOnlyMemory<byte> Rest => _rest;

    public readonly Asn1Tag Peek() => Asn1Tag.Decode(_rest.Span, out _);

    public readonly bool NextIs(Asn1Tag tag) => HasData && Peek().HasSameClassAndValue(tag);

    public readonly bool NextIs(UniversalTagNumber tag) => NextIs(new Asn1Tag(tag));

    public readonly bool NextIsContext(int number) => NextIs(new Asn1Tag(TagClass.ContextSpecific, number));

    public AsnCursor Sequence(Asn1Tag? tag = null)
    {
        AsnDecoder.ReadSequence(_rest.Span, rules, out var at, out var length, out var consumed, tag);
        return Descend(at, length, consumed);
    }

    public AsnCursor SetOf(Asn1Tag? tag = null)
    {
        AsnDecoder.ReadSetOf(_rest.Span, rules, out var at, out var length, out var consumed, skipSortOrderValidation: true, tag);
        return Descend(at, length, consumed);
    }

    /// <summary>[n] EXPLICIT or the content of any constructed [n].</summary>
    public AsnCursor Context(int number) => Sequence(new Asn1Tag(TagClass.ContextSpecific, number, isConstructed: true));

    /// <summary>The whole next value, tag and length included.</summary>
    public ReadOnlyMemory<byte> Encoded()
    {
        AsnDecoder.ReadEncodedValue(_rest.Span, rules, out _, out _, out var consumed);
        return Take(consumed, consumed);
    }

    /// <summary>The content of the next value, whatever its tag is.</summary>
    public ReadOnlyMemory<byte> Content()
    {
        AsnDecoder.ReadEncodedValue(_rest.Span, rules, out var at, out var length, out var consumed);
        var content = _rest.Slice(at, length);
        _rest = _rest[consumed..];
        return content;
    }

    /// <summary>Two's complement, big-endian, minimal.</summary>
    public ReadOnlyMemory<byte> Integer()
    {
        var value = AsnDecoder.ReadIntegerBytes(_rest.Span, rules, out var consumed);
        return Take(consumed, value.Length);
    }

    public int SmallInteger(Asn1Tag? tag = null)
    {
        if (!AsnDecoder.TryReadInt32(_rest.Span, rules, out var value, out var consumed, tag))
        {
            throw DerWords.Fault("An INTEGER is out of range");
        }

        _rest = _rest[consumed..];
        return value;
    }

    public bool Boolean()
    {
        var value = AsnDecoder.ReadBoolean(_rest.Span, rules, out var consumed);
        _rest = _rest[consumed..];
        return value;
    }

    public void Null()
    {
        AsnDecoder.ReadNull(_rest.Span, rules, out var consumed);
        _rest = _rest[consumed..];
    }

    public string Oid(Asn1Tag? tag = null)
    {
        AsnDecoder.ReadEncodedValue(_rest.Span, rules, out _, out var length, out _);
        if (length > LongestOid)
        {
            throw DerWords.Fault("An OBJECT IDENTIFIER is too long");
        }

        var value = AsnDecoder.ReadObjectIdentifier(_rest.Span, rules, out var consumed, tag);
        _rest = _rest[consumed..];
        return value;
    }

    public ReadOnlyMemory<byte> OctetString(Asn1Tag? tag = null)
    {
        if (!AsnDecoder.TryReadPrimitiveOctetString(_rest.Span, rules, out var value, out var consumed, tag))
        {
            throw DerWords.Fault("An OCTET STRING is in pieces");
        }

        return Take(consumed, value.Length);
    }

    /// <summary>Also one in pieces, as BER allows; those are copied together.</summary>
    public ReadOnlyMemory<byte> AnyOctetString(Asn1Tag? tag = null)
    {
        if (AsnDecoder.TryReadPrimitiveOctetString(_rest.Span, rules, out var value, out var consumed, tag))
        {
            return Take(consumed, value.Length);
        }

        var joined = AsnDecoder.ReadOctetString(_rest.Span, rules, out consumed, tag);
        _rest = _rest[consumed..];
        return joined;
    }

    public ReadOnlyMemory<byte> BitString(out int unusedBits, Asn1Tag? tag = null)
    {
        if (!AsnDecoder.TryReadPrimitiveBitString(_rest.Span, rules, out unusedBits, out var value, out var consumed, tag))
        {
            throw DerWords.Fault("A BIT STRING is in pieces");
        }

        return Take(consumed, value.Length);
    }

    /// <summary>A BIT STRING that carries bytes: keys and signatures.</summary>
    public ReadOnlyMemory<byte> Bytes(Asn1Tag? tag = null)
    {
        var value = BitString(out var unusedBits, tag);
        return unusedBits == 0 ? value : throw DerWords.Fault("A BIT STRING of bytes has unused bits");
    }

    /// <summary>Time of RFC 5280, 4.1.2.5: UTCTime (1950 to 2049) or GeneralizedTime.</summary>
    public DateTimeOffset Time()
    {
        int consumed;
        var value = NextIs(UniversalTagNumber.UtcTime)
            ? AsnDecoder.ReadUtcTime(_rest.Span, rules, out consumed, twoDigitYearMax: 2049)
            : AsnDecoder.ReadGeneralizedTime(_rest.Span, rules, out consumed);
        _rest = _rest[consumed..];
        return value;
    }

    public DateTimeOffset GeneralizedTime(Asn1Tag? tag = null)
    {
        var value = AsnDecoder.ReadGeneralizedTime(_rest.Span, rules, out var consumed, tag);
        _rest = _rest[consumed..];
        return value;
    }

    public readonly void End()
    {
        if (HasData)
        {
            throw DerWords.Fault("There are bytes after the end of a value");
        }
    }

    private AsnCursor Descend(int at, int length, int consumed)
    {
        var inner = new AsnCursor(_rest.Slice(at, length), rules);
        _rest = _rest[consumed..];
        return inner;
    }

    // in a definite-length primitive the content is the tail of the value
    private ReadOnlyMemory<byte> Take(int consumed, int contentLength)
    {
        var content = _rest.Slice(consumed - contentLength, contentLength);
        _rest = _rest[consumed..];
        return content;
    }
}
