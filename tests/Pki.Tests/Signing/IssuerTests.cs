using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Signing;

public sealed class IssuerTests
{
    public static TheoryData<string> Offered => [.. BuiltInProfiles.Offered.Where(p => !p.IsCa).Append(BuiltInProfiles.OcspSigner).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Offered))]
    public void Openssl_verifies_strictly_what_each_profile_makes(string name)
    {
        using var authority = new TestAuthority();
        using var openssl = new OpenSsl();
        var profile = BuiltInProfiles.Offered.Append(BuiltInProfiles.OcspSigner).Single(p => p.Name == name);
        var certificate = authority.Issue(profile, "CN=a.example.test, O=Example", SansFor(profile));
        string file = openssl.Pem("leaf.pem", "CERTIFICATE", certificate.Der);
        Verify(openssl, authority, file);
        string text = openssl.Run("x509", "-in", file, "-noout", "-text");
        text.ShouldContain("X509v3 Key Usage: critical");
        text.ShouldContain("CA:FALSE");
    }

    [Fact]
    public void Openssl_prints_a_server_certificate_as_it_was_ordered()
    {
        using var authority = new TestAuthority();
        using var openssl = new OpenSsl();
        var certificate = authority.Issue(BuiltInProfiles.TlsServer, "CN=pbx.example.test, O=Müller GmbH, C=DE", "dns:sip.example.test", "ip:10.0.0.5", "ip:fd00::5");
        string text = openssl.Run("x509", "-in", openssl.Pem("leaf.pem", "CERTIFICATE", certificate.Der), "-noout", "-text", "-nameopt", "utf8,sep_comma_plus_space");
        text.ShouldContain("Subject: CN=pbx.example.test, O=Müller GmbH, C=DE");
        text.ShouldContain("DNS:pbx.example.test, DNS:sip.example.test, IP Address:10.0.0.5, IP Address:FD00:0:0:0:0:0:0:5");
        text.ShouldContain("URI:" + TestAuthority.CrlUrl);
        text.ShouldContain("OCSP - URI:" + TestAuthority.OcspUrl);
        text.ShouldContain("CA Issuers - URI:" + TestAuthority.IssuerUrl);
        text.ShouldContain("TLS Web Server Authentication");
        text.ShouldContain("Not Before: Nov 21 11:55:00 2026 GMT");
        text.ShouldContain("Not After : Dec 23 11:54:59 2027 GMT");
    }

    [Fact]
    public void The_platform_reads_the_same_fields()
    {
        using var authority = new TestAuthority();
        var request = TestAuthority.Request("CN=pbx.example.test, O=Example", "dns:pbx.example.test");
        byte[] serial = TestAuthority.NewSerial();
        var linted = Issuer.Prepare(BuiltInProfiles.TlsBoth, authority.Facts, request, serial, TestAuthority.Now);
        using var platform = X509CertificateLoader.LoadCertificate(Issuer.Sign(linted, authority.Key));
        platform.SerialNumberBytes.Span.TrimStart((byte)0).SequenceEqual(linted.Serial).ShouldBeTrue();
        platform.NotBefore.ToUniversalTime().ShouldBe(linted.NotBefore.UtcDateTime);
        platform.NotAfter.ToUniversalTime().ShouldBe(linted.NotAfter.UtcDateTime);
        platform.MatchesHostname("pbx.example.test").ShouldBeTrue();
        platform.PublicKey.ExportSubjectPublicKeyInfo().ShouldBe(request.Key.Spki.ToArray());
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(authority.Root.Der.Span));
        chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(authority.Issuing.Der.Span));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = TestAuthority.Now.LocalDateTime;
        chain.Build(platform).ShouldBeTrue();
    }

    public static TheoryData<string, SignatureAlgorithm?> Keys => new()
    {
        { "P-256", null }, { "P-384", null }, { "RSA", null }, { "RSA", SignatureAlgorithm.RsaSha384 }, { "RSA", SignatureAlgorithm.RsaPssSha256 },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_kind_of_authority_key_signs_chains_that_verify(string kind, SignatureAlgorithm? algorithm)
    {
        using var authority = new TestAuthority(() => Make(kind), algorithm: algorithm);
        using var openssl = new OpenSsl();
        Verify(openssl, authority, openssl.Pem("leaf.pem", "CERTIFICATE", authority.Issue(BuiltInProfiles.TlsClient, "CN=app").Der));
    }

    [Fact]
    public void A_linted_certificate_is_signed_once()
    {
        using var authority = new TestAuthority();
        var linted = Prepare(authority);
        Issuer.Sign(linted, authority.Key);
        Should.Throw<InvalidOperationException>(() => Issuer.Sign(linted, authority.Key));
    }

    [Fact]
    public async Task Of_many_who_sign_at_once_one_succeeds()
    {
        using var authority = new TestAuthority();
        var linted = Prepare(authority);
        int signed = 0;
        await Parallel.ForAsync(0, 16, (_, _) =>
        {
            try
            {
                Issuer.Sign(linted, authority.Key);
                Interlocked.Increment(ref signed);
            }
            catch (InvalidOperationException)
            {
            }

            return ValueTask.CompletedTask;
        });
        signed.ShouldBe(1);
    }

    [Fact]
    public void Another_key_than_the_issuers_is_refused()
    {
        using var authority = new TestAuthority();
        Should.Throw<RefusalException>(() => Issuer.Sign(Prepare(authority), authority.RootKey)).Code.ShouldBe(Refusal.KeyMismatch);
    }

    [Fact]
    public void A_signature_that_does_not_verify_never_leaves()
    {
        using var authority = new TestAuthority();
        using var faulty = new FaultyKey(authority.Key);
        var linted = Prepare(authority);
        Should.Throw<RefusalException>(() => Issuer.Sign(linted, faulty)).Code.ShouldBe(Refusal.KeyMismatch);
        Should.Throw<InvalidOperationException>(() => Issuer.Sign(linted, authority.Key));
    }

    [Fact]
    public void The_same_intent_gives_the_same_bytes()
    {
        using var authority = new TestAuthority();
        var request = TestAuthority.Request("CN=a.example.test");
        byte[] serial = TestAuthority.NewSerial();
        var first = Issuer.Prepare(BuiltInProfiles.TlsServer, authority.Facts, request, serial, TestAuthority.Now);
        var second = Issuer.Prepare(BuiltInProfiles.TlsServer, authority.Facts, request, serial, TestAuthority.Now.AddMilliseconds(300));
        second.TbsSha256.ShouldBe(first.TbsSha256);
        SHA256.HashData(first.Tbs.Span).ShouldBe(first.TbsSha256);
    }

    [Fact]
    public void Validity_stays_inside_the_issuers()
    {
        using var authority = new TestAuthority();
        var late = authority.Issuing.NotAfter.AddDays(-10);
        var linted = Issuer.Prepare(BuiltInProfiles.TlsServer, authority.Facts, TestAuthority.Request("CN=a.example.test"), TestAuthority.NewSerial(), late);
        linted.NotAfter.ShouldBe(authority.Issuing.NotAfter);
        var early = Issuer.Prepare(BuiltInProfiles.TlsServer, authority.Facts, TestAuthority.Request("CN=a.example.test"), TestAuthority.NewSerial(), authority.Issuing.NotBefore);
        early.NotBefore.ShouldBe(authority.Issuing.NotBefore);
    }

    [Fact]
    public void An_expired_issuer_issues_nothing()
    {
        using var authority = new TestAuthority();
        Should.Throw<RefusalException>(() => Issuer.Prepare(
            BuiltInProfiles.TlsServer, authority.Facts, TestAuthority.Request("CN=a.example.test"), TestAuthority.NewSerial(), authority.Issuing.NotAfter.AddSeconds(1)))
            .Code.ShouldBe(Refusal.Expired);
    }

    [Fact]
    public void A_wished_end_is_kept_up_to_the_profiles_maximum()
    {
        using var authority = new TestAuthority();
        var request = TestAuthority.Request("CN=a.example.test") with { NotAfter = TestAuthority.Now.AddDays(7) };
        Issuer.Prepare(BuiltInProfiles.TlsServer, authority.Facts, request, TestAuthority.NewSerial(), TestAuthority.Now).NotAfter.ShouldBe(TestAuthority.Now.AddDays(7));
        var greedy = request with { NotAfter = TestAuthority.Now.AddYears(5) };
        var linted = Issuer.Prepare(BuiltInProfiles.TlsServer, authority.Facts, greedy, TestAuthority.NewSerial(), TestAuthority.Now);
        (linted.NotAfter - linted.NotBefore).ShouldBe(TimeSpan.FromDays(397) - TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Serial_numbers_with_the_top_bit_stay_positive()
    {
        using var authority = new TestAuthority();
        byte[] serial = [0xff, .. new byte[15]];
        var linted = Issuer.Prepare(BuiltInProfiles.TlsClient, authority.Facts, TestAuthority.Request("CN=a"), serial, TestAuthority.Now);
        var certificate = Certificate.Decode(Issuer.Sign(linted, authority.Key));
        certificate.SerialHex.ShouldBe(Convert.ToHexStringLower(serial));
        using var openssl = new OpenSsl();
        openssl.Run("x509", "-in", openssl.Pem("a.pem", "CERTIFICATE", certificate.Der), "-noout", "-serial").ShouldContain("serial=" + Convert.ToHexString(serial));
    }

    [Fact]
    public void Dates_from_2050_are_generalized_time()
    {
        using var authority = new TestAuthority();
        var profile = BuiltInProfiles.RootCa with { Validity = TimeSpan.FromDays(365 * 40), MaximumValidity = null };
        var linted = Issuer.PrepareRoot(profile, new(authority.RootKey.PublicKey, DistinguishedName.Parse("CN=Long Root"), [], null), null, TestAuthority.NewSerial(), TestAuthority.Now);
        using var openssl = new OpenSsl();
        string root = openssl.Pem("root.pem", "CERTIFICATE", Issuer.Sign(linted, authority.RootKey));
        openssl.Run("asn1parse", "-in", root).ShouldContain("GENERALIZEDTIME");
        openssl.Run("verify", "-x509_strict", "-CAfile", root, root).ShouldContain("OK");
    }

    [Fact]
    public void A_new_root_signed_by_the_old_one_verifies_under_the_old_one()
    {
        using var old = new TestAuthority();
        using var next = new TestAuthority();
        var cross = Issuer.Prepare(
            BuiltInProfiles.RootCa, old.RootFacts, new(next.RootKey.PublicKey, next.Root.Subject, [], null), TestAuthority.NewSerial(), TestAuthority.Now);
        using var openssl = new OpenSsl();
        string crossFile = openssl.Pem("cross.pem", "CERTIFICATE", Issuer.Sign(cross, old.RootKey));
        string oldRoot = openssl.Pem("old.pem", "CERTIFICATE", old.Root.Der);
        string nextIssuing = openssl.Pem("issuing.pem", "CERTIFICATE", next.Issuing.Der);
        openssl.Run("verify", "-x509_strict", "-attime", Seconds(TestAuthority.Now), "-CAfile", oldRoot, "-untrusted", crossFile, nextIssuing).ShouldContain("OK");
    }

    [Fact]
    public void An_authority_with_path_length_zero_makes_no_authorities()
    {
        using var authority = new TestAuthority();
        var refusal = Should.Throw<RefusalException>(() => authority.Issue(BuiltInProfiles.SubCa, "CN=Below"));
        refusal.Code.ShouldBe(Refusal.LintFailed);
        refusal.Detail.ShouldContain("path_length");
        refusal.Facts!["rules"].ShouldBe(new[] { "path_length" });
    }

    [Fact]
    public void Name_constraints_are_written_as_openssl_reads_them_and_kept()
    {
        var constraints = new NameConstraints { Permitted = [new("dns", "example.test"), new("ip", "10.0.0.0/8")], Excluded = [new("dns", "secret.example.test")] };
        using var authority = new TestAuthority(constraints: constraints);
        using var openssl = new OpenSsl();
        string text = openssl.Run("x509", "-in", openssl.Pem("ca.pem", "CERTIFICATE", authority.Issuing.Der), "-noout", "-text");
        text.ShouldContain("X509v3 Name Constraints: critical");
        text.ShouldContain("IP:10.0.0.0/255.0.0.0");
        Verify(openssl, authority, openssl.Pem("leaf.pem", "CERTIFICATE", authority.Issue(BuiltInProfiles.TlsServer, "CN=a.example.test", "ip:10.1.2.3").Der));
        Should.Throw<RefusalException>(() => authority.Issue(BuiltInProfiles.TlsServer, "CN=a.other.test")).Detail.ShouldContain("name_constraints_honoured");
        Should.Throw<RefusalException>(() => authority.Issue(BuiltInProfiles.TlsServer, "CN=a.secret.example.test")).Detail.ShouldContain("name_constraints_honoured");
        Should.Throw<RefusalException>(() => authority.Issue(BuiltInProfiles.TlsServer, "CN=a.example.test", "ip:11.0.0.1")).Detail.ShouldContain("name_constraints_honoured");
    }

    [Fact]
    public async Task Keys_sign_in_parallel()
    {
        using var authority = new TestAuthority();
        await Parallel.ForAsync(0, 500, (_, _) =>
        {
            authority.Issue(BuiltInProfiles.TlsClient, "CN=app").VerifySignature(authority.Key.PublicKey).ShouldBeTrue();
            return ValueTask.CompletedTask;
        });
    }

    internal static void Verify(OpenSsl openssl, TestAuthority authority, string file)
    {
        string root = openssl.Pem("root.pem", "CERTIFICATE", authority.Root.Der);
        string issuing = openssl.Pem("issuing.pem", "CERTIFICATE", authority.Issuing.Der);
        openssl.Run("verify", "-x509_strict", "-attime", Seconds(TestAuthority.Now), "-CAfile", root, "-untrusted", issuing, file).ShouldContain("OK");
    }

    internal static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string[] SansFor(IssuingProfile profile) => profile.Name switch
    {
        "person" => ["email:a@example.test"],
        "sip-node" => ["uri:sip:example.test"],
        _ => [],
    };

    private static AsymmetricAlgorithm Make(string kind) => kind switch
    {
        "P-256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "P-384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        _ => RSA.Create(2048),
    };

    private static LintedCertificate Prepare(TestAuthority authority) =>
        Issuer.Prepare(BuiltInProfiles.TlsClient, authority.Facts, TestAuthority.Request("CN=app"), TestAuthority.NewSerial(), TestAuthority.Now);

    private sealed class FaultyKey(PlatformKey key) : ISigningKey
    {
        public SignatureAlgorithm Algorithm => key.Algorithm;

        public SubjectPublicKey PublicKey => key.PublicKey;

        public byte[] Sign(ReadOnlySpan<byte> data) => key.Sign([.. data, 0]);

        public void Dispose()
        {
        }
    }
}
