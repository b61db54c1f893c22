using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Countersign.Pki.Pem;
using Countersign.Pki.Requests;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Requests;

/// <summary>ENR-A7 below the doors: every bad request has its own code.</summary>
public sealed class UnacceptableRequestTests
{
    private static readonly byte[] CaTrue = [0x30, 0x03, 0x01, 0x01, 0xFF];

    [Fact]
    public void Accepts_a_good_request()
    {
        using var forge = new RequestForge();
        Read(forge.Make()).EnsureAcceptable();
    }

    [Fact]
    public void Refuses_a_request_signed_with_another_key()
    {
        using var forge = new RequestForge();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        forge.PublicKey = other.ExportSubjectPublicKeyInfo();
        Is(Refusal.BadSignature, forge);
    }

    [Fact]
    public void Refuses_a_request_changed_after_signing()
    {
        using var forge = new RequestForge();
        var der = forge.Make();
        var at = der.AsSpan().IndexOf("4711"u8);
        der[at] = (byte)'5';
        Refused.With(Refusal.BadSignature, () => Read(der).EnsureAcceptable());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("3000")]
    [InlineData("3006020100020100")]
    [InlineData("30060201000201FF")]
    public void Refuses_a_signature_that_is_none(string hex)
    {
        using var forge = new RequestForge { Signer = _ => Convert.FromHexString(hex) };
        Is(Refusal.BadSignature, forge);
    }

    [Fact]
    public void Refuses_a_signature_of_another_kind_than_the_key()
    {
        using var forge = new RequestForge { Algorithm = SignatureAlgorithms.Encode(SignatureAlgorithm.RsaSha256) };
        Is(Refusal.BadSignature, forge);
    }

    [Fact]
    public void Refuses_a_1024_bit_RSA_key()
    {
        using var rsa = RSA.Create(1024);
        Is(Refusal.WeakKey, RsaRequest(rsa));
    }

    [Fact]
    public void Refuses_an_RSA_key_beyond_8192_bits()
    {
        using var forge = new RequestForge { PublicKey = RequestForge.RsaSpki(Odd(8200 / 8), [1, 0, 1]) };
        Is(Refusal.UnsupportedKey, forge);
    }

    [Theory]
    [InlineData(new byte[] { 0 }, Refusal.UnsupportedKey)]
    [InlineData(new byte[] { 1 }, Refusal.UnsupportedKey)]
    [InlineData(new byte[] { 1, 0, 0 }, Refusal.UnsupportedKey)]
    [InlineData(new byte[] { 3 }, Refusal.WeakKey)]
    [InlineData(new byte[] { 17 }, Refusal.WeakKey)]
    public void Refuses_bad_RSA_exponents(byte[] exponent, string code)
    {
        using var rsa = RSA.Create(2048);
        using var forge = new RequestForge { PublicKey = RequestForge.RsaSpki(rsa.ExportParameters(false).Modulus, exponent) };
        Is(code, forge);
    }

    [Fact]
    public void Refuses_SHA_1()
    {
        using var forge = new RequestForge { Algorithm = [0x30, 0x09, .. RequestForge.Oid(Oids.EcdsaWithSha1)] };
        Is(Refusal.WeakSignature, forge);
    }

    [Fact]
    public void Refuses_MD5()
    {
        using var rsa = RSA.Create(2048);
        Is(Refusal.WeakSignature, RsaRequest(rsa, [0x30, 0x0D, .. RequestForge.Oid(Oids.Md5WithRsa), 5, 0]));
    }

    [Fact]
    public void Refuses_a_signature_it_cannot_verify()
    {
        using var forge = new RequestForge { Algorithm = [0x30, 0x0A, .. RequestForge.Oid("1.2.840.10045.4.3.1")] };
        Is(Refusal.UnsupportedSignature, forge);
    }

    [Fact]
    public void Refuses_a_request_to_be_a_CA_unless_it_is_for_one()
    {
        using var forge = new RequestForge().Extensions((Oids.BasicConstraints, true, CaTrue));
        Is(Refusal.CaRequested, forge);
        Read(forge.Make()).EnsureAcceptable(allowCa: true);
    }

    [Fact]
    public void Refuses_the_usages_of_a_CA()
    {
        using var forge = new RequestForge().Extensions((Oids.KeyUsage, true, ExtensionValues.WriteKeyUsage(KeyUsages.KeyCertSign | KeyUsages.DigitalSignature)));
        Is(Refusal.CaRequested, forge);
    }

    [Fact]
    public void Sees_through_Microsofts_place_for_extensions()
    {
        using var forge = new RequestForge().Attribute(Oids.MicrosoftExtensionRequest, RequestForge.ExtensionList((Oids.BasicConstraints, true, CaTrue)));
        Is(Refusal.CaRequested, forge);
    }

    [Fact]
    public void Takes_CA_FALSE()
    {
        using var forge = new RequestForge().Extensions((Oids.BasicConstraints, true, [0x30, 0x00]));
        Read(forge.Make()).EnsureAcceptable();
    }

    public static TheoryData<string, byte[]> UnsupportedKeys()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var spki = SubjectPublicKey.Decode(p256.ExportSubjectPublicKeyInfo());
        var off = spki.KeyBits.ToArray();
        off[^1] ^= 1;
        var curve = RequestForge.Oid(Oids.P256);
        var q = spki.KeyBits.ToArray();
        var beyond = new byte[65];
        beyond[0] = 4;
        Array.Fill(beyond, (byte)0xFF, 1, 64);
        return new TheoryData<string, byte[]>
        {
            { "Ed25519", RequestForge.Spki(Oids.Ed25519, [], new byte[32]) },
            { "Ed448", RequestForge.Spki(Oids.Ed448, [], new byte[57]) },
            { "DSA", RequestForge.Spki(Oids.Dsa, [], [2, 1, 5]) },
            { "RSA restricted to PSS", RequestForge.Spki(Oids.RsaPss, [], [2, 1, 5]) },
            { "an unknown curve", RequestForge.EcSpki(RequestForge.Oid("1.3.132.0.10"), q) },
            { "explicit parameters", RequestForge.EcSpki([0x30, 0x03, 0x02, 0x01, 0x01], q) },
            { "a point off the curve", RequestForge.EcSpki(curve, off) },
            { "coordinates beyond the field", RequestForge.EcSpki(curve, beyond) },
            { "the point at infinity", RequestForge.EcSpki(curve, [0]) },
            { "a compressed point", RequestForge.EcSpki(curve, [(byte)(2 + (q[64] & 1)), .. q[1..33]]) },
            { "a hybrid point", RequestForge.EcSpki(curve, [(byte)(6 + (q[64] & 1)), .. q[1..]]) },
            { "a point cut short", RequestForge.EcSpki(curve, q.AsSpan(0, 64)) },
            { "no point", RequestForge.EcSpki(curve, []) },
        };
    }

    [Theory]
    [MemberData(nameof(UnsupportedKeys))]
    public void Refuses_keys_it_does_not_certify(string name, byte[] spki)
    {
        name.ShouldNotBeEmpty();
        using var forge = new RequestForge { PublicKey = spki };
        Is(Refusal.UnsupportedKey, forge);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{\"csr\": 1}")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----")]
    public void Refuses_what_is_neither_DER_nor_PEM(string text) =>
        Refused.With(Refusal.Malformed, () => CertificationRequest.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Refuses_bytes_after_the_end()
    {
        using var forge = new RequestForge();
        Refused.With(Refusal.Malformed, () => Read([.. forge.Make(), 0]));
    }

    [Fact]
    public void Refuses_every_cut()
    {
        using var forge = new RequestForge().Extensions((Oids.SubjectAltName, false, SubjectAltNames.Encode([SanEntry.Parse("a.example.test")])));
        var der = forge.Make();
        for (var length = 0; length < der.Length; length++)
        {
            var said = Refused.With(Refusal.Malformed, () => Read(der[..length])).Detail;
            said.ShouldNotContain("ASN", Case.Insensitive, "the platform's words");
            said.ShouldNotContain("tag", Case.Insensitive);
        }
    }

    [Fact]
    public void Refuses_an_unknown_version()
    {
        using var forge = new RequestForge { Version = 1 };
        Is(Refusal.Malformed, forge);
    }

    [Fact]
    public void Refuses_a_megabyte_of_padding_before_reading_it()
    {
        using var forge = new RequestForge().Attribute("1.2.3", RequestForge.Text(UniversalTagNumber.UTF8String, new string('a', 1024 * 1024)));
        var der = forge.Make();
        Refused.With(Refusal.RequestTooLarge, () => Read(der));
        Refused.With(Refusal.RequestTooLarge, () => CertificationRequest.Read(Encoding.ASCII.GetBytes(PemFile.Write("CERTIFICATE REQUEST", der))));
        Refused.With(Refusal.RequestTooLarge, () => CertificationRequest.Read(new byte[1024 * 1024]));
    }

    [Fact]
    public void Takes_64_KiB()
    {
        using var forge = new RequestForge().Attribute("1.2.3", RequestForge.Text(UniversalTagNumber.UTF8String, new string('a', 65_000)));
        CertificationRequest.Read(Encoding.ASCII.GetBytes(PemFile.Write("CERTIFICATE REQUEST", forge.Make()))).EnsureAcceptable();
    }

    [Fact]
    public void Takes_100_alternative_names_and_refuses_101()
    {
        SanEntry[] Sans(int count) => [.. Enumerable.Range(0, count).Select(i => new SanEntry.Dns($"h{i}.example.test"))];
        using var good = new RequestForge().Extensions((Oids.SubjectAltName, false, SubjectAltNames.Encode(Sans(100))));
        Read(good.Make()).EnsureAcceptable();
        using var bad = new RequestForge().Extensions((Oids.SubjectAltName, false, SubjectAltNames.Encode(Sans(101))));
        Is(Refusal.TooManyNames, bad);
    }

    [Theory]
    [InlineData("4711\0.example.test")]
    [InlineData("4711\n")]
    [InlineData("a\u0085b")]
    [InlineData("a\u202Eb")]
    public void Refuses_control_characters_in_names(string value)
    {
        using var subject = new RequestForge { Subject = NameOf(UniversalTagNumber.UTF8String, Encoding.UTF8.GetBytes(value)) };
        Is(Refusal.BadName, subject);
        if (Ascii.IsValid(value))
        {
            using var san = new RequestForge().Extensions((Oids.SubjectAltName, false, [0x30, (byte)(value.Length + 2), 0x82, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)]));
            Is(Refusal.BadName, san);
        }
    }

    [Fact]
    public void Refuses_an_empty_name_part_and_invalid_UTF8()
    {
        using var empty = new RequestForge { Subject = NameOf(UniversalTagNumber.UTF8String, []) };
        Is(Refusal.BadName, empty);
        using var invalid = new RequestForge { Subject = NameOf(UniversalTagNumber.UTF8String, [0x61, 0xC3]) };
        Is(Refusal.BadName, invalid);
    }

    [Fact]
    public void Refuses_the_same_extension_twice()
    {
        byte[] san = SubjectAltNames.Encode([SanEntry.Parse("a.example.test")]);
        using var inOneList = new RequestForge().Extensions((Oids.SubjectAltName, false, san), (Oids.SubjectAltName, false, san));
        Is(Refusal.DuplicateExtension, inOneList);
        using var inTwoLists = new RequestForge().Extensions((Oids.SubjectAltName, false, san)).Extensions((Oids.KeyUsage, false, [3, 2, 7, 0x80]));
        Is(Refusal.DuplicateExtension, inTwoLists);
    }

    [Fact]
    public void Refuses_an_unknown_critical_extension_and_takes_it_when_it_is_not_critical()
    {
        using var critical = new RequestForge().Extensions(("1.2.3.4", true, [5, 0]));
        Is(Refusal.UnknownCriticalExtension, critical);
        using var plain = new RequestForge().Extensions(("1.2.3.4", false, [5, 0]));
        Read(plain.Make()).EnsureAcceptable();
    }

    private static CertificationRequest Read(byte[] der) => CertificationRequest.Decode(der);

    private static void Is(string code, RequestForge forge)
    {
        var der = forge.Make();
        Refused.With(code, () => Read(der).EnsureAcceptable());
    }

    private static void Is(string code, byte[] der) => Refused.With(code, () => Read(der).EnsureAcceptable());

    private static byte[] RsaRequest(RSA rsa, byte[]? algorithm = null)
    {
        using var forge = new RequestForge
        {
            PublicKey = rsa.ExportSubjectPublicKeyInfo(),
            Algorithm = algorithm ?? SignatureAlgorithms.Encode(SignatureAlgorithm.RsaSha256),
            Signer = info => rsa.SignData(info, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return forge.Make();
    }

    private static byte[] Odd(int length)
    {
        var modulus = new byte[length];
        Array.Fill(modulus, (byte)0xFF);
        return modulus;
    }

    private static byte[] NameOf(UniversalTagNumber type, byte[] value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.CommonName);
            writer.WriteEncodedValue([(byte)type, (byte)value.Length, .. value]);
        }

        return writer.Encode();
    }
}
