using System.Formats.Asn1;
using System.Text;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Lint;

/// <summary>
/// A certificate as the rules see it: read again from the bytes that will be signed, with encodings kept, so that a mistake in the writer
/// is found as well as one in the request. <see cref="AsnContentException"/> for what is not DER.
/// </summary>
internal sealed class CertificateView
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Context3 = new(TagClass.ContextSpecific, 3, isConstructed: true);

    public CertificateView(ReadOnlyMemory<byte> tbs, SubjectPublicKey? key, IssuingProfile? profile, Certificate? issuer)
    {
        Profile = profile;
        IssuerCertificate = issuer;
        var outer = new AsnCursor(tbs);
        var reader = outer.Sequence();
        outer.End();
        Version = reader.NextIs(Context0) ? reader.Context(0).SmallInteger() : 0;
        Serial = reader.Integer();
        InnerAlgorithm = reader.Encoded();
        Issuer = reader.Encoded();
        ReadValidity(reader.Sequence());
        Subject = reader.Encoded();
        SubjectAttributes = ReadName(Subject);
        Spki = reader.Encoded();
        Key = key ?? SubjectPublicKey.Decode(Spki);
        while (reader.HasData && !reader.NextIs(Context3))
        {
            HasUniqueIdentifiers = true;
            reader.Encoded();
        }

        if (reader.HasData)
        {
            ReadExtensions(reader.Context(3));
        }

        reader.End();
    }

    public IssuingProfile? Profile { get; }

    public Certificate? IssuerCertificate { get; }

    /// <summary>0 is version 1, 2 is version 3.</summary>
    public int Version { get; }

    /// <summary>Content octets of the INTEGER, two's complement.</summary>
    public ReadOnlyMemory<byte> Serial { get; }

    public ReadOnlyMemory<byte> InnerAlgorithm { get; }

    /// <summary>The AlgorithmIdentifier outside the signed part; null before signing.</summary>
    public ReadOnlyMemory<byte>? OuterAlgorithm { get; init; }

    public ReadOnlyMemory<byte> Issuer { get; }

    public TimeView NotBefore { get; private set; }

    public TimeView NotAfter { get; private set; }

    public ReadOnlyMemory<byte> Subject { get; }

    public IReadOnlyList<AttributeView> SubjectAttributes { get; }

    public ReadOnlyMemory<byte> Spki { get; }

    public SubjectPublicKey Key { get; }

    public bool HasUniqueIdentifiers { get; }

    public List<ExtensionView> Extensions { get; } = new(10);

    public bool IsSelfIssued => Issuer.Span.SequenceEqual(Subject.Span);

    /// <summary>basicConstraints; null when the extension is missing.</summary>
    public (bool Ca, int? PathLength)? Constraints { get; private set; }

    public bool IsCa => Constraints is { Ca: true };

    public KeyUsages? KeyUsage { get; private set; }

    public IReadOnlyList<string>? ExtendedKeyUsages { get; private set; }

    public List<GeneralNameView>? AlternativeNames { get; private set; }

    public bool IsServer => ExtendedKeyUsages is { } purposes && purposes.Contains(Oids.ServerAuth);

    public string? CommonName
    {
        get
        {
            foreach (var attribute in SubjectAttributes)
            {
                if (attribute.Oid == Oids.CommonName)
                {
                    return attribute.Text;
                }
            }

            return null;
        }
    }

    public ExtensionView? Find(string oid)
    {
        foreach (var extension in Extensions)
        {
            if (extension.Oid == oid)
            {
                return extension;
            }
        }

        return null;
    }

    public static List<GeneralNameView> ReadGeneralNames(AsnCursor names)
    {
        List<GeneralNameView> list = new(4);
        while (names.HasData)
        {
            int tag = names.Peek().TagValue;
            list.Add(new GeneralNameView(tag, names.Content()));
        }

        return list;
    }

    private static List<AttributeView> ReadName(ReadOnlyMemory<byte> name)
    {
        List<AttributeView> list = new(6);
        var relative = new AsnCursor(name).Sequence();
        while (relative.HasData)
        {
            var set = relative.SetOf();
            while (set.HasData)
            {
                var pair = set.Sequence();
                string oid = pair.Oid();
                int tag = pair.Peek().TagValue;
                list.Add(new AttributeView(oid, tag, pair.Content()));
                pair.End();
            }
        }

        return list;
    }

    private void ReadValidity(AsnCursor validity)
    {
        NotBefore = ReadTime(ref validity);
        NotAfter = ReadTime(ref validity);
        validity.End();
    }

    private static TimeView ReadTime(ref AsnCursor reader)
    {
        bool utc = reader.NextIs(UniversalTagNumber.UtcTime);
        return new TimeView(utc, reader.Time());
    }

    private void ReadExtensions(AsnCursor wrapper)
    {
        var list = wrapper.Sequence();
        while (list.HasData)
        {
            var extension = list.Sequence();
            string oid = extension.Oid();
            bool named = extension.NextIs(UniversalTagNumber.Boolean);
            bool critical = named && extension.Boolean();
            var view = new ExtensionView(oid, critical, named && !critical, extension.OctetString());
            extension.End();
            Extensions.Add(view);
            Interpret(view);
        }
    }

    private void Interpret(ExtensionView extension)
    {
        switch (extension.Oid)
        {
            case Oids.BasicConstraints:
                Constraints = ExtensionValues.ReadBasicConstraints(extension.Value);
                break;
            case Oids.KeyUsage:
                KeyUsage = ExtensionValues.ReadKeyUsage(extension.Value);
                break;
            case Oids.ExtendedKeyUsage:
                ExtendedKeyUsages = ExtensionValues.ReadExtendedKeyUsage(extension.Value);
                break;
            case Oids.SubjectAltName:
                AlternativeNames = ReadGeneralNames(new AsnCursor(extension.Value).Sequence());
                break;
        }
    }
}

/// <summary>One time and how it is encoded.</summary>
internal readonly record struct TimeView(bool IsUtcTime, DateTimeOffset Value);

/// <summary>One attribute of a name, with its string type.</summary>
internal readonly record struct AttributeView(string Oid, int Tag, ReadOnlyMemory<byte> Content)
{
    public string Text => Tag switch
    {
        (int)UniversalTagNumber.BMPString => Encoding.BigEndianUnicode.GetString(Content.Span),
        (int)UniversalTagNumber.UTF8String => Encoding.UTF8.GetString(Content.Span),
        _ => Encoding.Latin1.GetString(Content.Span),
    };
}

/// <summary>One extension; <paramref name="FalseWritten"/>: "critical FALSE" was encoded though it is the default.</summary>
internal sealed record ExtensionView(string Oid, bool Critical, bool FalseWritten, ReadOnlyMemory<byte> Value);

/// <summary>One GeneralName by its context tag (RFC 5280 4.2.1.6).</summary>
internal readonly record struct GeneralNameView(int Tag, ReadOnlyMemory<byte> Content)
{
    public const int Email = 1;
    public const int Dns = 2;
    public const int Uri = 6;
    public const int Ip = 7;

    public string Text => Encoding.Latin1.GetString(Content.Span);
}
