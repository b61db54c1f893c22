using System.Formats.Asn1;

namespace Countersign.Pki.X509;

/// <summary>One attribute of a name.</summary>
/// <param name="Oid">Dotted attribute type, see <see cref="Oids"/>.</param>
/// <param name="Value">The text; "#" and the hex of the DER when the value is no string.</param>
public sealed record NameAttribute(string Oid, string Value);

/// <summary>
/// An X.501 name (RFC 5280, 4.1.2.4). Equality is that of the encoded bytes. Names read from outside keep their bytes; names made here use PrintableString for
/// country and serial number, IA5String for e-mail and domain component, UTF8String for everything else.
/// </summary>
public sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    private const int MostAttributes = 64;
    private readonly NameAttribute[] _attributes;
    private readonly int[] _sizes; // attributes per relative distinguished name; empty when every one has a single attribute
    private readonly NameFitness _fitness;
    private string? _text;
    private string? _comparisonKey;

    private DistinguishedName(ReadOnlyMemory<byte> encoded, NameAttribute[] attributes, int[] sizes, NameFitness fitness)
    {
        Encoded = encoded;
        _attributes = attributes;
        _sizes = sizes;
        _fitness = fitness;
    }

    /// <summary>The name without attributes.</summary>
    public static DistinguishedName Empty { get; } = new(new byte[] { 0x30, 0x00 }, [], [], NameFitness.AsIs);

    /// <summary>DER.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>Every attribute in encoded order; the groups of multi-valued parts are not visible here.</summary>
    public IReadOnlyList<NameAttribute> Attributes => _attributes;

    /// <summary>The last, most specific, common name; null when there is none. The same goes for the properties that follow.</summary>
    public string? CommonName => Last(Oids.CommonName);

    /// <summary>Two letters, ISO 3166.</summary>
    public string? Country => Last(Oids.Country);

    /// <summary>State or province.</summary>
    public string? State => Last(Oids.State);

    /// <summary>Locality.</summary>
    public string? Locality => Last(Oids.Locality);

    /// <summary>Organization.</summary>
    public string? Organization => Last(Oids.Organization);

    /// <summary>Organizational unit.</summary>
    public string? OrganizationalUnit => Last(Oids.OrganizationalUnit);

    /// <summary>PKCS#9 emailAddress.</summary>
    public string? Email => Last(Oids.EmailAddress);

    /// <summary>True for a name without attributes.</summary>
    public bool IsEmpty => _attributes.Length == 0;

    /// <summary>Two names have the same exactly when they are the same name as RFC 5280, 7.1 compares them.</summary>
    public string ComparisonKey => _comparisonKey ??= NameComparison.Key(_attributes, _sizes);

    internal int[] Sizes => _sizes;

    /// <summary>Reads DER. The attributes of one set may be unsorted, as real clients send them.</summary>
    /// <exception cref="RefusalException"><c>malformed</c>; <c>bad_name</c> for text that does not decode; <c>too_many_names</c> beyond 64 attributes.</exception>
    public static DistinguishedName Decode(ReadOnlyMemory<byte> der)
    {
        try
        {
            var reader = new AsnCursor(der);
            var name = Read(ref reader);
            reader.End();
            return name;
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, $"Name: {DerWords.Of(e)}", e);
        }
    }

    /// <summary>A name of single-valued parts in the given order.</summary>
    /// <exception cref="RefusalException"><c>bad_name</c>: empty, control characters, or characters the attribute's type does not have.</exception>
    public static DistinguishedName Of(IEnumerable<NameAttribute> attributes) => DistinguishedNameWriter.Write([.. attributes], []);

    /// <summary>Reads the text form of RFC 4514, "CN=a, O=b, C=DE"; the given order is kept as the encoded order. Parts joined by + become one set.</summary>
    /// <exception cref="RefusalException"><c>bad_name</c></exception>
    public static DistinguishedName Parse(string text) => DistinguishedNameText.Parse(text);

    /// <summary>The same name in the encodings this CA signs; this instance when it has them already.</summary>
    /// <exception cref="RefusalException"><c>bad_name</c></exception>
    public DistinguishedName Normalised() => _fitness switch
    {
        NameFitness.AsIs => this,
        NameFitness.Rewrite => DistinguishedNameWriter.Write(_attributes, _sizes),
        _ => throw new RefusalException(Refusal.BadName, "The name has an attribute that is no text"),
    };

    /// <summary>The same name, however it is encoded (RFC 5280, 7.1).</summary>
    public bool IsSameAs(DistinguishedName other) => Equals(other) || ComparisonKey == other.ComparisonKey;

    /// <inheritdoc/>
    public bool Equals(DistinguishedName? other) => other is not null && Encoded.Span.SequenceEqual(other.Encoded.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Encoded.Span);
        return hash.ToHashCode();
    }

    /// <summary>RFC 4514 escapes, order as encoded: "C=DE, O=Example, CN=proxy.example.test".</summary>
    public override string ToString() => _text ??= DistinguishedNameText.Write(_attributes, _sizes);

    internal static DistinguishedName Read(ref AsnCursor reader)
    {
        var encoded = reader.Encoded();
        var outer = new AsnCursor(encoded);
        var parts = outer.Sequence();
        if (!parts.HasData)
        {
            return Empty;
        }

        var found = new List<NameAttribute>(6);
        List<int>? setSizes = null;
        var fitness = NameFitness.AsIs;
        for (var part = 0; parts.HasData; part++)
        {
            var set = parts.SetOf();
            var before = found.Count;
            do
            {
                found.Add(ReadAttribute(ref set, ref fitness));
            }
            while (set.HasData);

            var size = found.Count - before;
            if (size > 1 && setSizes is null)
            {
                setSizes = [.. Enumerable.Repeat(1, part)];
                // the order inside a set is not checked here, so such a name is written anew before it is signed
                fitness = fitness == NameFitness.AsIs ? NameFitness.Rewrite : fitness;
            }

            setSizes?.Add(size);
            if (found.Count > MostAttributes)
            {
                throw new RefusalException(Refusal.TooManyNames, $"A name has more than {MostAttributes} attributes");
            }
        }

        return new DistinguishedName(encoded, [.. found], setSizes is null ? [] : [.. setSizes], fitness);
    }

    internal static DistinguishedName Made(ReadOnlyMemory<byte> encoded, NameAttribute[] attributes, int[] sizes) =>
        new(encoded, attributes, sizes, NameFitness.AsIs);

    private static NameAttribute ReadAttribute(ref AsnCursor set, ref NameFitness fitness)
    {
        var pair = set.Sequence();
        var oid = pair.Oid();
        var tag = pair.Peek();
        var encoded = pair.Encoded();
        pair.End();
        var value = NameStrings.Decode(tag, new AsnCursor(encoded).Content().Span, encoded.Span, out var isText);
        if (!isText)
        {
            fitness = NameFitness.Never;
        }
        else if (fitness == NameFitness.AsIs && !NameStrings.MayStay(oid, tag, value))
        {
            fitness = NameFitness.Rewrite;
        }

        return new NameAttribute(oid, value);
    }

    private string? Last(string oid) => Array.FindLast(_attributes, attribute => attribute.Oid == oid)?.Value;
}

/// <summary>Whether a name that was read may be signed.</summary>
internal enum NameFitness
{
    /// <summary>With these bytes.</summary>
    AsIs,

    /// <summary>After encoding its text anew.</summary>
    Rewrite,

    /// <summary>It holds something that is no text.</summary>
    Never,
}
