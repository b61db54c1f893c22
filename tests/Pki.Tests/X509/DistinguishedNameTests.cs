using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Countersign.Pki.X509;
using FsCheck;
using FsCheck.Fluent;

namespace Countersign.Pki.Tests.X509;

public sealed class DistinguishedNameTests
{
    [Fact]
    public void Keeps_the_given_order_and_shows_it()
    {
        var name = DistinguishedName.Parse("CN=proxy.example.test, O=Example, C=DE");
        name.ToString().ShouldBe("CN=proxy.example.test, O=Example, C=DE");
        (name.CommonName, name.Organization, name.Country, name.State).ShouldBe(("proxy.example.test", "Example", "DE", null));
    }

    [Theory]
    [InlineData("CN=a\\, b", "a, b")]
    [InlineData("CN=\"a, b\"", "a, b")]
    [InlineData("CN=\\20a\\20", " a ")]
    [InlineData("CN=M\\C3\\BCller", "Müller")]
    [InlineData("CN=Müller  ", "Müller")]
    [InlineData("CN=a=b", "a=b")]
    [InlineData("cn = a\\+b", "a+b")]
    [InlineData("2.5.4.3=a", "a")]
    [InlineData("OID.2.5.4.3=a", "a")]
    [InlineData("CN=\\#1", "#1")]
    [InlineData("CN=😀", "😀")]
    public void Understands_escapes_and_quotes(string text, string commonName)
    {
        var name = DistinguishedName.Parse(text);
        name.CommonName.ShouldBe(commonName);
        DistinguishedName.Parse(name.ToString()).ShouldBe(name);
    }

    [Theory]
    [InlineData("CN")]
    [InlineData("CN=")]
    [InlineData("=a")]
    [InlineData("CN=a,")]
    [InlineData("CN=a,,O=b")]
    [InlineData("XYZ=a")]
    [InlineData("1.2.3.=a")]
    [InlineData("9.9.9=a")]
    [InlineData("CN=\"a")]
    [InlineData("CN=a\\")]
    [InlineData("CN=\\FF")]
    [InlineData("CN=a\\00b")]
    [InlineData("CN=#0c0161")]
    [InlineData("C=Dé")]
    [InlineData("emailAddress=ü@example.test")]
    [InlineData("CN=abc\u202Etxt.exe")]
    public void Refuses_text_that_is_no_name_it_would_sign(string text) => Refused.With(Refusal.BadName, () => DistinguishedName.Parse(text));

    [Fact]
    public void Refuses_half_a_character() => Refused.With(Refusal.BadName, () => DistinguishedName.Parse("CN=\ud800"));

    [Fact]
    public void Uses_the_string_types_of_RFC_5280()
    {
        var name = DistinguishedName.Of([new(Oids.Country, "DE"), new(Oids.EmailAddress, "a@example.test"), new(Oids.CommonName, "a")]);
        var reader = new AsnReader(name.Encoded, AsnEncodingRules.DER).ReadSequence();
        Tag(reader).ShouldBe(UniversalTagNumber.PrintableString);
        Tag(reader).ShouldBe(UniversalTagNumber.IA5String);
        Tag(reader).ShouldBe(UniversalTagNumber.UTF8String);

        static UniversalTagNumber Tag(AsnReader names)
        {
            var pair = names.ReadSetOf().ReadSequence();
            pair.ReadObjectIdentifier();
            return (UniversalTagNumber)pair.PeekTag().TagValue;
        }
    }

    [Fact]
    public void An_empty_name_is_an_empty_sequence()
    {
        DistinguishedName.Parse("  ").ShouldBe(DistinguishedName.Empty);
        DistinguishedName.Decode(new byte[] { 0x30, 0 }).IsEmpty.ShouldBeTrue();
        DistinguishedName.Empty.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void Joined_parts_become_one_sorted_set()
    {
        var name = DistinguishedName.Parse("C=DE, OU=phones + CN=4711");
        name.Attributes.Select(attribute => attribute.Value).ShouldBe(["DE", "4711", "phones"]);
        name.ToString().ShouldBe("C=DE, CN=4711 + OU=phones");
        new X500DistinguishedName(name.Encoded.Span).Decode(X500DistinguishedNameFlags.None).ShouldBe("C=DE, CN=4711 + OU=phones");
    }

    [Fact]
    public void Sorts_the_unsorted_sets_of_real_clients_before_it_signs_them()
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        using (writer.PushSetOf()) // BER keeps the order given
        {
            Pair(writer, Oids.OrganizationalUnit, "phones");
            Pair(writer, Oids.CommonName, "4711");
        }

        var read = DistinguishedName.Decode(writer.Encode());
        read.ToString().ShouldBe("OU=phones + CN=4711");
        var signed = read.Normalised();
        signed.ShouldBe(DistinguishedName.Parse("CN=4711 + OU=phones"));
    }

    public static TheoryData<UniversalTagNumber, byte[]> Spellings() => new()
    {
        { UniversalTagNumber.UTF8String, "Müller"u8.ToArray() },
        { UniversalTagNumber.BMPString, Encoding.BigEndianUnicode.GetBytes("Müller") },
        { UniversalTagNumber.T61String, Encoding.Latin1.GetBytes("Müller") },
        { UniversalTagNumber.UniversalString, new UTF32Encoding(true, false).GetBytes("Müller") },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Reads_old_string_types_and_signs_UTF8(UniversalTagNumber type, byte[] value)
    {
        var read = DistinguishedName.Decode(Name(Oids.CommonName, type, value));
        read.CommonName.ShouldBe("Müller");
        read.Normalised().ShouldBe(DistinguishedName.Parse("CN=Müller"));
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Is_the_same_name_in_every_string_type(UniversalTagNumber type, byte[] value)
    {
        var read = DistinguishedName.Decode(Name(Oids.CommonName, type, value));
        read.IsSameAs(DistinguishedName.Parse("CN=mÜLLER")).ShouldBeTrue();
        read.IsSameAs(DistinguishedName.Parse("CN=Muller")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("O=Example  Telecom, CN=Root", "O=example telecom, CN=ROOT", true)]
    [InlineData("CN=\\20Root\\20", "CN=Root", true)]
    [InlineData("CN=Ro\\C2\\ADot", "CN=Root", true)] // a soft hyphen
    [InlineData("CN=\uFB01le", "CN=FILE", true)] // the ligature fi
    [InlineData("OU=phones + CN=4711", "CN=4711 + OU=Phones", true)]
    [InlineData("CN=Root", "OU=Root", false)]
    [InlineData("CN=a, CN=b", "CN=b, CN=a", false)]
    [InlineData("CN=a, OU=b", "CN=a + OU=b", false)]
    [InlineData("CN=a\\, O=b", "CN=a, O=b", false)]
    [InlineData("CN=Exam ple", "CN=Example", false)]
    [InlineData("", "CN=a", false)]
    public void Compares_as_RFC_5280_says(string one, string other, bool same)
    {
        DistinguishedName.Parse(one).IsSameAs(DistinguishedName.Parse(other)).ShouldBe(same);
        (DistinguishedName.Parse(one).ComparisonKey == DistinguishedName.Parse(other).ComparisonKey).ShouldBe(same);
    }

    [Fact]
    public void Compares_what_no_text_should_hold()
    {
        var odd = DistinguishedName.Decode(Name(Oids.CommonName, UniversalTagNumber.BMPString, [0xFF, 0xFE, 0x00, 0x61]));
        odd.IsSameAs(DistinguishedName.Parse("CN=a")).ShouldBeFalse();
        var number = DistinguishedName.Decode(Name(Oids.CommonName, UniversalTagNumber.Integer, [0x07]));
        number.IsSameAs(DistinguishedName.Decode(Name(Oids.CommonName, UniversalTagNumber.Integer, [0x07]))).ShouldBeTrue();
        number.IsSameAs(DistinguishedName.Decode(Name(Oids.CommonName, UniversalTagNumber.Integer, [0x08]))).ShouldBeFalse();
    }

    public static TheoryData<UniversalTagNumber, byte[]> Undecodable() => new()
    {
        { UniversalTagNumber.UTF8String, [0x61, 0xFF] },
        { UniversalTagNumber.UTF8String, [0xC0, 0x80] },
        { UniversalTagNumber.BMPString, [0x00] },
        { UniversalTagNumber.BMPString, [0xD8, 0x00] },
        { UniversalTagNumber.UniversalString, [0x00, 0x11, 0x00, 0x00] },
        { UniversalTagNumber.PrintableString, [0xE4] },
        { UniversalTagNumber.IA5String, [0xE4] },
    };

    [Theory]
    [MemberData(nameof(Undecodable))]
    public void Refuses_bytes_that_are_not_of_their_type(UniversalTagNumber type, byte[] value) =>
        Refused.With(Refusal.BadName, () => DistinguishedName.Decode(Name(Oids.CommonName, type, value)));

    [Fact]
    public void Shows_values_that_are_no_text_and_does_not_sign_them()
    {
        var read = DistinguishedName.Decode(Name("2.5.4.45", UniversalTagNumber.BitString, [0x00, 0x01]));
        read.Attributes[0].Value.ShouldBe("#03020001");
        Refused.With(Refusal.BadName, () => read.Normalised());
    }

    [Fact]
    public void Refuses_more_attributes_than_any_name_has() =>
        Refused.With(Refusal.TooManyNames, () => DistinguishedName.Decode(
            DistinguishedName.Of(Enumerable.Range(0, 65).Select(i => new NameAttribute(Oids.OrganizationalUnit, $"{i}"))).Encoded));

    [Fact]
    public void Any_name_it_writes_reads_back_the_same_and_as_the_platform_reads_it() => Prop.ForAll(Names.ToArbitrary(), attributes =>
    {
        var name = DistinguishedName.Of(attributes);
        DistinguishedName.Decode(name.Encoded).Attributes.ShouldBe(attributes);
        DistinguishedName.Parse(name.ToString()).ShouldBe(name);
        DistinguishedName.Decode(name.Encoded).Normalised().ShouldBe(name);
        new X500DistinguishedName(name.Encoded.Span).EnumerateRelativeDistinguishedNames(reversed: false)
            .Select(part => new NameAttribute(part.GetSingleElementType().Value!, part.GetSingleElementValue()!))
            .ShouldBe(attributes);
    }).QuickCheckThrowOnFailure();

    private static Gen<NameAttribute[]> Names
    {
        get
        {
            var plain = Gen.Elements(Oids.CommonName, Oids.Organization, Oids.OrganizationalUnit, Oids.Locality, Oids.State, Oids.UserId, Oids.Title, "1.2.3.4.5");
            var text = ArbMap.Default.GeneratorFor<string>().Where(value => value is not null && NameStrings.Flaw(value) is null);
            var odd = Gen.Elements(" ", "#", "a ", " a", "\\", "\"", "a\"b", "a,b", "+", ";", "<>", "ä", "日本", "😀", "a=b", "\\20", "#0500", "ＡＢ");
            var attribute = Gen.Zip(plain, Gen.OneOf(text, odd), (oid, value) => new NameAttribute(oid, value));
            return attribute.ArrayOf().Where(list => list.Length <= 60);
        }
    }

    private static byte[] Name(string oid, UniversalTagNumber type, byte[] value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteEncodedValue([(byte)type, (byte)value.Length, .. value]);
        }

        return writer.Encode();
    }

    private static void Pair(AsnWriter writer, string oid, string value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, value);
        }
    }
}
