using System.Formats.Asn1;
using System.Security.Cryptography;
using Countersign.Pki.Lint;
using Countersign.Pki.Signing;
using Countersign.Pki.Tests.Signing;
using Countersign.Pki.X509;
using static System.Formats.Asn1.UniversalTagNumber;

namespace Countersign.Pki.Tests.Lint;

public sealed class RuleTests : IDisposable
{
    private const string Long64 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    // Each breach spoils one thing of a good server ("leaf") or subordinate CA ("ca") certificate.
    private static readonly (string Rule, string Kind, string Case, Action<TbsBuilder> Spoil)[] Breaches =
    [
        ("version", "leaf", "version 2", b => b.Version = 1),
        ("serial", "leaf", "21 octets", b => b.Serial = [0x01, .. new byte[20]]),
        ("serial", "leaf", "zero", b => b.Serial = [0]),
        ("serial", "leaf", "negative", b => b.Serial = [0x80, .. new byte[15]]),
        ("serial_entropy", "leaf", "one octet", b => b.Serial = [1]),
        ("signature_algorithms_equal", "leaf", "outer SHA-384", b => b.OuterAlgorithm = SignatureAlgorithms.Encode(SignatureAlgorithm.EcdsaSha384)),
        ("signature_strength", "leaf", "SHA-1", b => b.Algorithm = Convert.FromHexString("300d06092a864886f70d0101050500")),
        ("issuer_name", "leaf", "other name", b => b.Issuer = TbsBuilder.Name((Oids.CommonName, UTF8String, "Somebody"))),
        ("issuer_name", "leaf", "no name", b => b.Issuer = [0x30, 0x00]),
        ("validity_encoding", "leaf", "GeneralizedTime before 2050", b => b.OnlyGeneralizedTime = true),
        ("validity_order", "leaf", "ends before it begins", b => b.NotAfter = b.NotBefore.AddSeconds(-1)),
        ("validity_inside_issuer", "leaf", "outlives the issuer", b => b.NotAfter = b.IssuerCertificate!.NotAfter.AddSeconds(1)),
        ("validity_inside_issuer", "leaf", "older than the issuer", b => b.NotBefore = b.IssuerCertificate!.NotBefore.AddSeconds(-1)),
        ("server_lifetime", "leaf", "400 days", b => b.NotAfter = b.NotBefore.AddDays(400)),
        ("subject_present", "leaf", "empty, SAN not critical", b => b.Subject = [0x30, 0x00]),
        ("subject_present", "ca", "CA without a name", b => b.Subject = [0x30, 0x00]),
        ("name_length", "leaf", "CN of 65", b => b.Subject = TbsBuilder.Name((Oids.CommonName, UTF8String, Long64 + "a"))),
        ("name_length", "leaf", "empty O", b => b.Subject = TbsBuilder.Name((Oids.Organization, UTF8String, ""))),
        ("country", "leaf", "lower case", b => b.Subject = TbsBuilder.Name((Oids.Country, PrintableString, "de"))),
        ("country", "leaf", "UTF8String", b => b.Subject = TbsBuilder.Name((Oids.Country, UTF8String, "DE"))),
        ("name_charset", "leaf", "T61String", b => b.Subject = TbsBuilder.Name((Oids.Organization, T61String, "Example"))),
        ("name_charset", "leaf", "asterisk in PrintableString", b => b.Subject = TbsBuilder.Name((Oids.CommonName, PrintableString, "*.example.test"))),
        ("name_charset", "leaf", "mail as UTF8String", b => b.Subject = TbsBuilder.Name((Oids.EmailAddress, UTF8String, "a@example.test"))),
        ("control_character", "leaf", "NUL in CN", b => b.Subject = TbsBuilder.Name((Oids.CommonName, UTF8String, "good.test\0.evil.test"))),
        ("control_character", "leaf", "right-to-left override", b => b.Subject = TbsBuilder.Name((Oids.Organization, UTF8String, "a\u202eb"))),
        ("control_character", "leaf", "NUL in SAN", b => b.SetSans("2:good.test\0.evil.test")),
        ("repeated_attribute", "leaf", "two CNs", b => b.Subject = TbsBuilder.Name((Oids.CommonName, UTF8String, "a"), (Oids.CommonName, UTF8String, "b"))),
        ("duplicate_extension", "leaf", "keyUsage twice", b => b.Extensions.Add(b[Oids.KeyUsage])),
        ("extension_encoding", "leaf", "critical FALSE", b => b[Oids.SubjectKeyIdentifier].WritesFalse = true),
        ("critical_extension", "leaf", "unknown and critical", b => b.Set("1.3.6.1.4.1.99999.1", true, [0x05, 0x00])),
        ("authority_key_identifier", "leaf", "missing", b => b.Remove(Oids.AuthorityKeyIdentifier)),
        ("authority_key_identifier", "leaf", "critical", b => b[Oids.AuthorityKeyIdentifier].Critical = true),
        ("authority_key_identifier", "leaf", "of another key", b => b[Oids.AuthorityKeyIdentifier].Value[^1] ^= 1),
        ("authority_key_identifier", "leaf", "without key", b => b[Oids.AuthorityKeyIdentifier].Value = [0x30, 0x00]),
        ("subject_key_identifier", "ca", "missing on a CA", b => b.Remove(Oids.SubjectKeyIdentifier)),
        ("subject_key_identifier", "leaf", "critical", b => b[Oids.SubjectKeyIdentifier].Critical = true),
        ("basic_constraints", "ca", "not critical", b => b[Oids.BasicConstraints].Critical = false),
        ("key_usage", "ca", "missing on a CA", b => b.Remove(Oids.KeyUsage)),
        ("key_usage", "ca", "CA without keyCertSign", b => b.SetUsage(KeyUsages.CrlSign)),
        ("key_usage", "leaf", "no bit", b => b.Set(Oids.KeyUsage, true, [0x03, 0x01, 0x00])),
        ("key_usage_critical", "leaf", "not critical", b => b[Oids.KeyUsage].Critical = false),
        ("key_cert_sign", "leaf", "leaf that signs certificates", b => b.SetUsage(KeyUsages.DigitalSignature | KeyUsages.KeyCertSign)),
        ("crl_sign", "leaf", "leaf that signs CRLs", b => b.SetUsage(KeyUsages.DigitalSignature | KeyUsages.CrlSign)),
        ("key_usage_fits_key", "leaf", "EC key that enciphers", b => b.SetUsage(KeyUsages.DigitalSignature | KeyUsages.KeyEncipherment)),
        ("path_length", "leaf", "leaf with a path length", b => b.Set(Oids.BasicConstraints, true, [0x30, 0x03, 0x02, 0x01, 0x00])),
        ("extended_key_usage", "leaf", "empty", b => b.SetPurposes()),
        ("extended_key_usage", "leaf", "critical any", b => { b.SetPurposes(Oids.AnyExtendedKeyUsage); b[Oids.ExtendedKeyUsage].Critical = true; }),
        ("extended_key_usage_present", "leaf", "missing", b => b.Remove(Oids.ExtendedKeyUsage)),
        ("san_not_empty", "leaf", "no names", b => b.SetSans()),
        ("san_not_empty", "leaf", "blank name", b => b.SetSans("2:")),
        ("san_dns_syntax", "leaf", "space", b => b.SetSans("2:a b.test")),
        ("san_dns_syntax", "leaf", "underscore", b => b.SetSans("2:a_b.test")),
        ("san_dns_syntax", "leaf", "label of 64", b => b.SetSans($"2:{Long64}.test")),
        ("san_dns_syntax", "leaf", "254 characters", b => b.SetSans("2:" + string.Concat(Enumerable.Repeat("aaaaaaa.", 31)) + "aaaaaa")),
        ("san_dns_syntax", "leaf", "beyond ASCII", b => b.SetSans("2:müller.test")),
        ("san_dns_syntax", "leaf", "ends in a dot", b => b.SetSans("2:a.test.")),
        ("san_dns_syntax", "leaf", "an address", b => b.SetSans("2:10.0.0.1")),
        ("san_dns_syntax", "leaf", "hyphen first", b => b.SetSans("2:-a.test")),
        ("san_email_syntax", "leaf", "no domain", b => b.SetSans("1:somebody")),
        ("san_email_syntax", "leaf", "with a name", b => b.SetSans("1:A <a@example.test>")),
        ("san_uri", "leaf", "relative", b => b.SetSans("6:/path")),
        ("san_uri", "leaf", "no host", b => b.SetSans("6:https:///path")),
        ("san_uri", "leaf", "blank inside", b => b.SetSans("6:sip:a b")),
        ("san_ip", "leaf", "five octets", b => b.SetSans("7:0a00000101")),
        ("san_kind", "leaf", "registered identifier", b => b.SetSans("8:\u002a\u0003", "2:a.test")),
        ("san_duplicate", "leaf", "in other case", b => b.SetSans("2:a.test", "2:A.TEST")),
        ("wildcard", "leaf", "second label", b => b.SetSans("2:a.*.test")),
        ("wildcard", "leaf", "part of a label", b => b.SetSans("2:a*.example.test")),
        ("wildcard", "leaf", "top level", b => b.SetSans("2:*.test")),
        ("wildcard", "leaf", "two", b => b.SetSans("2:*.*.test")),
        ("wildcard_shared", "leaf", "any wildcard", b => b.SetSans("2:*.example.test")),
        ("common_name_in_san", "leaf", "other name", b => b.SetSans("2:other.example.test")),
        ("common_name_in_san", "leaf", "address", b => b.Subject = TbsBuilder.Name((Oids.CommonName, UTF8String, "10.0.0.1"))),
        ("server_name", "leaf", "no SAN", b => b.Remove(Oids.SubjectAltName)),
        ("server_name", "leaf", "mail only", b => b.SetSans("1:a@example.test")),
        ("name_constraints_place", "leaf", "on a leaf", b => b.Set(Oids.NameConstraints, true, [0x30, 0x00])),
        ("name_constraints_place", "ca", "empty", b => b.Set(Oids.NameConstraints, true, [0x30, 0x00])),
        ("distribution_point", "leaf", "https", b => b.Set(Oids.CrlDistributionPoints, false, Value(ExtensionWriter.CrlDistributionPoints("https://a.test/x.crl")))),
        ("distribution_point", "leaf", "critical", b => b[Oids.CrlDistributionPoints].Critical = true),
        ("distribution_point", "leaf", "empty", b => b[Oids.CrlDistributionPoints].Value = [0x30, 0x00]),
        ("authority_info_access", "leaf", "no scheme", b => b.Set(Oids.AuthorityInfoAccess, false, Value(ExtensionWriter.AuthorityInformationAccess("ocsp.test", null)))),
        ("authority_info_access", "leaf", "critical", b => b[Oids.AuthorityInfoAccess].Critical = true),
        ("ocsp_nocheck", "leaf", "on a server", b => b.Set(Oids.OcspNoCheck, false, [0x05, 0x00])),
        ("ocsp_nocheck", "leaf", "signer without", b => b.SetPurposes(Oids.OcspSigning)),
        ("key_quality", "leaf", "RSA 1024", b => b.Key = TestAuthority.NewPublicKey(RSA.Create(1024))),
        ("profile_key", "leaf", "RSA below the profile's minimum", b => (b.Key, b.Profile) = (TestAuthority.NewPublicKey(RSA.Create(2048)), b.Profile! with { MinimumRsaBits = 3072 })),
        ("profile_key", "leaf", "kind not allowed", b => b.Profile = b.Profile! with { AllowedKeys = [KeyKind.Rsa] }),
        ("profile_usage", "leaf", "other purposes", b => b.SetPurposes(Oids.ClientAuth)),
        ("profile_usage", "leaf", "other key usage", b => b.SetUsage(KeyUsages.KeyAgreement)),
        ("profile_usage", "ca", "other path length", b => b.Profile = b.Profile! with { PathLength = 3 }),
        ("profile_names", "leaf", "outside the suffixes", b => b.Profile = With(b, n => n with { DnsSuffixes = ["other.test"] })),
        ("profile_names", "leaf", "kind not granted", b => b.SetSans("2:pbx.example.test", "1:a@example.test")),
        ("profile_names", "leaf", "attribute not kept", b => b.Profile = With(b, n => n with { KeptAttributes = [Oids.CommonName] })),
        ("profile_names", "leaf", "forced value differs", b => b.Profile = With(b, n => n with { ForcedAttributes = [new(Oids.Organization, "Forced")] })),
        ("profile_names", "leaf", "required attribute missing", b => b.Profile = With(b, n => n with { RequiredAttributes = [Oids.Locality] })),
        ("profile_names", "leaf", "no common name", b => b.Subject = TbsBuilder.Name((Oids.Organization, UTF8String, "Example"))),
        ("profile_names", "leaf", "too many names", b => b.Profile = With(b, n => n with { MaximumNames = 1 })),
    ];

    // What lies just inside the limits.
    private static readonly (string Rule, string Kind, string Case, Action<TbsBuilder> Spoil)[] NearMisses =
    [
        ("serial", "leaf", "20 octets", b => b.Serial = [0x7f, .. new byte[19]]),
        ("serial_entropy", "leaf", "8 octets", b => b.Serial = [0x7f, .. new byte[7]]),
        ("server_lifetime", "leaf", "398 days", b => b.NotAfter = b.NotBefore.AddDays(398)),
        ("validity_inside_issuer", "leaf", "ends with the issuer", b => b.NotAfter = b.IssuerCertificate!.NotAfter),
        ("subject_present", "leaf", "empty, SAN critical", b => { b.Subject = [0x30, 0x00]; b[Oids.SubjectAltName].Critical = true; }),
        ("name_length", "leaf", "CN of 64 umlauts", b => b.Subject = TbsBuilder.Name((Oids.CommonName, UTF8String, string.Concat(Enumerable.Repeat("ü", 62))))),
        ("name_charset", "leaf", "PrintableString", b => b.Subject = TbsBuilder.Name((Oids.CommonName, PrintableString, "Example (a), b+c=d/e:f?"))),
        ("name_charset", "leaf", "mail as IA5String", b => b.Subject = TbsBuilder.Name((Oids.EmailAddress, IA5String, "a@example.test"))),
        ("control_character", "leaf", "umlauts and kanji", b => b.Subject = TbsBuilder.Name((Oids.Organization, UTF8String, "Müller 電話"))),
        ("repeated_attribute", "leaf", "two OUs", b => b.Subject = TbsBuilder.Name((Oids.OrganizationalUnit, UTF8String, "a"), (Oids.OrganizationalUnit, UTF8String, "b"))),
        ("critical_extension", "leaf", "unknown, not critical", b => b.Set("1.3.6.1.4.1.99999.1", false, [0x05, 0x00])),
        ("extended_key_usage", "leaf", "any, not critical", b => b.SetPurposes(Oids.AnyExtendedKeyUsage)),
        ("san_dns_syntax", "leaf", "label of 63", b => b.SetSans($"2:{Long64[1..]}.test")),
        ("san_dns_syntax", "leaf", "253 characters", b => b.SetSans("2:" + string.Concat(Enumerable.Repeat("aaaaaaa.", 31)) + "aaaaa")),
        ("san_dns_syntax", "leaf", "numbers in front", b => b.SetSans("2:10.0.0.x1")),
        ("san_dns_syntax", "leaf", "single label", b => b.SetSans("2:pbx")),
        ("san_dns_syntax", "leaf", "xn--", b => b.SetSans("2:xn--mller-kva.test")),
        ("san_email_syntax", "leaf", "plus and dots", b => b.SetSans("1:a.b+c@example.test")),
        ("san_uri", "leaf", "sip", b => b.SetSans("6:sip:example.test")),
        ("san_uri", "leaf", "urn", b => b.SetSans("6:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")),
        ("san_ip", "leaf", "IPv6", b => b.SetSans("7:fd000000000000000000000000000001")),
        ("wildcard", "leaf", "leftmost label", b => b.SetSans("2:*.example.test")),
        ("common_name_in_san", "leaf", "other case", b => b.SetSans("2:PBX.example.test")),
        ("common_name_in_san", "leaf", "a title, not a host", b => b.Subject = TbsBuilder.Name((Oids.CommonName, UTF8String, "Door phone, 2nd floor"))),
        ("server_name", "leaf", "address only", b => b.SetSans("7:0a000001")),
        ("key_usage_fits_key", "leaf", "RSA key that enciphers", b => { b.Key = TestAuthority.NewPublicKey(RSA.Create(2048)); b.SetUsage(KeyUsages.DigitalSignature | KeyUsages.KeyEncipherment); }),
        ("key_quality", "leaf", "RSA 2048", b => b.Key = TestAuthority.NewPublicKey(RSA.Create(2048))),
        ("profile_key", "leaf", "RSA at the minimum", b => b.Key = TestAuthority.NewPublicKey(RSA.Create(2048))),
        ("profile_names", "leaf", "inside the suffixes", b => b.Profile = With(b, n => n with { DnsSuffixes = ["example.test"] })),
        ("profile_names", "leaf", "forced value met", b => b.Profile = With(b, n => n with { ForcedAttributes = [new(Oids.Organization, "Example")] })),
        ("distribution_point", "leaf", "ldap", b => b.Set(Oids.CrlDistributionPoints, false, Value(ExtensionWriter.CrlDistributionPoints("ldap://a.test/x")))),
    ];

    private readonly TestAuthority _authority = new();

    public static TheoryData<string, string> Broken => Rows(Breaches);

    public static TheoryData<string, string> Kept => Rows(NearMisses);

    public static TheoryData<string> Names => [.. Linter.Rules.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_breach_is_found(string rule, string @case)
    {
        var (_, kind, _, spoil) = Breaches.Single(b => b.Rule == rule && b.Case == @case);
        var builder = Good(kind);
        spoil(builder);
        var found = builder.Check().Where(f => f.Rule == rule).ToList();
        found.ShouldHaveSingleItem().Detail.ShouldNotBeNullOrWhiteSpace();
        found[0].Severity.ShouldBe(Linter.Rules.Single(r => r.Name == rule).Severity);
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void What_is_just_inside_passes(string rule, string @case)
    {
        var (_, kind, _, change) = NearMisses.Single(b => b.Rule == rule && b.Case == @case);
        var builder = Good(kind);
        change(builder);
        builder.Check().ShouldNotContain(f => f.Rule == rule);
    }

    [Theory]
    [InlineData("leaf")]
    [InlineData("ca")]
    public void What_we_issue_has_no_findings(string kind) => Good(kind).Check().ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_rule_has_a_case_that_breaks_it(string rule) =>
        (Breaches.Any(b => b.Rule == rule) || rule == "name_constraints_honoured").ShouldBeTrue();

    [Fact]
    public void Names_outside_the_issuers_constraints_are_found()
    {
        using var constrained = new TestAuthority(constraints: new() { Permitted = [new("dns", "inside.test"), new("email", "inside.test")], Excluded = [new("uri", "bad.inside.test")] });
        var builder = new TbsBuilder(constrained.Issue(BuiltInProfiles.TlsServer, "CN=a.inside.test"), null, constrained.Issuing);
        builder.Check().ShouldNotContain(f => f.Rule == "name_constraints_honoured");
        foreach (string name in new[] { "2:a.outside.test", "2:*.outside.test", "2:xinside.test", "1:a@outside.test", "1:a@sub.inside.test", "6:sip:bad.inside.test" })
        {
            builder.SetSans(name);
            builder.Check().ShouldContain(f => f.Rule == "name_constraints_honoured", name);
        }

        foreach (string name in new[] { "2:inside.test", "2:*.inside.test", "1:a@inside.test", "6:sip:good.inside.test", "7:0a000001" })
        {
            builder.SetSans(name);
            builder.Check().ShouldNotContain(f => f.Rule == "name_constraints_honoured", name);
        }
    }

    [Fact]
    public void Extensions_that_do_not_follow_their_syntax_are_findings()
    {
        var builder = Good("leaf");
        builder[Oids.CrlDistributionPoints].Value = [0x04, 0x00];
        builder.Check().ShouldContain(f => f.Rule == "distribution_point" && f.Severity == LintSeverity.Error);
    }

    [Fact]
    public void Names_and_citations_of_rules_are_there_and_unique()
    {
        Linter.Rules.Select(r => r.Name).ShouldBeUnique();
        Linter.Rules.ShouldAllBe(r => r.Citation.Length > 3);
    }

    public void Dispose() => _authority.Dispose();

    private static TheoryData<string, string> Rows((string Rule, string Kind, string Case, Action<TbsBuilder> Spoil)[] cases)
    {
        TheoryData<string, string> rows = [];
        foreach (var (rule, _, @case, _) in cases)
        {
            rows.Add(rule, @case);
        }

        return rows;
    }

    private TbsBuilder Good(string kind)
    {
        if (kind == "ca")
        {
            return new TbsBuilder(_authority.Issuing, BuiltInProfiles.SubCa, _authority.Root);
        }

        var profile = BuiltInProfiles.TlsServer;
        return new TbsBuilder(_authority.Issue(profile, "CN=pbx.example.test, O=Example", "dns:sip.example.test"), profile, _authority.Issuing);
    }

    private static IssuingProfile With(TbsBuilder builder, Func<NameRules, NameRules> change) => builder.Profile! with { Names = change(builder.Profile.Names) };

    // the value inside an encoded Extension
    private static byte[] Value(byte[] extension)
    {
        var reader = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        reader.ReadObjectIdentifier();
        return reader.ReadOctetString();
    }
}
