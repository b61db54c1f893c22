using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Countersign.Pki.Pem;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.X509;

/// <summary>Certificates must read as openssl and the platform read them.</summary>
public sealed class CertificateTests
{
    private const string NameOptions = "esc_2253,utf8,sep_comma_plus_space,sname";

    private const string Extensions = """
        [leaf]
        basicConstraints = critical, CA:FALSE
        keyUsage = critical, digitalSignature, keyEncipherment, decipherOnly
        extendedKeyUsage = serverAuth, clientAuth, 1.3.6.1.5.5.7.3.20
        subjectAltName = DNS:proxy.example.test, IP:10.0.0.1, IP:2001:db8::1, email:a@example.test, URI:sip:example.test, RID:1.2.3.4, dirName:dir, otherName:1.3.6.1.4.1.311.20.2.3;UTF8:a@b
        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid, issuer
        crlDistributionPoints = URI:http://pki.example.test/1.crl
        [dir]
        CN = somebody
        [ca]
        basicConstraints = critical, CA:TRUE, pathlen:1
        keyUsage = critical, keyCertSign, cRLSign
        subjectKeyIdentifier = hash
        [none]
        """;

    public static TheoryData<string, string[]> Spellings() => new()
    {
        { "leaf", ["-extensions", "leaf", "-days", "90", "-set_serial", "0x7fffffffffffffffffffffffffffffffffffffff"] },
        { "CA", ["-extensions", "ca", "-days", "20000", "-set_serial", "1"] },
        { "high bit in the serial", ["-extensions", "ca", "-days", "1", "-set_serial", "0x80"] },
        { "serial zero", ["-extensions", "ca", "-days", "1", "-set_serial", "0"] },
        { "version 1", ["-days", "1"] },
        { "SHA-1", ["-extensions", "leaf", "-days", "1", "-sha1"] },
        { "SHA-512", ["-extensions", "leaf", "-days", "1", "-sha512"] },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Reads_a_certificate_as_openssl_and_the_platform_do(string name, string[] arguments)
    {
        name.ShouldNotBeEmpty();
        using var openssl = new OpenSsl();
        openssl.File("x.cnf", Encoding.UTF8.GetBytes(Extensions));
        foreach (var (key, kind) in new[] { ("ec", new[] { "ec", "-pkeyopt", "ec_paramgen_curve:P-256" }), ("rsa", ["rsa:2048"]) })
        {
            openssl.Run(["req", "-new", "-nodes", "-utf8", "-subj", "/C=DE/O=Müller, Inc./OU=phones+CN=4711", "-multivalue-rdn", "-newkey", .. kind, "-keyout", "key.pem", "-out", "r.pem"]);
            string[] extensions = arguments.Contains("-extensions") ? ["-extfile", "x.cnf"] : [];
            openssl.Run(["x509", "-req", "-in", "r.pem", "-signkey", "key.pem", "-out", $"{key}.pem", .. arguments, .. extensions]);
            var certificate = Certificate.ReadBundle(openssl.Read($"{key}.pem")).ShouldHaveSingleItem();
            SameAsOpenSsl(openssl, $"{key}.pem", certificate);
            SameAsPlatform(certificate);
            certificate.VerifySignature(certificate.Key).ShouldBeTrue();
            certificate.IsSelfIssued.ShouldBeTrue();
        }
    }

    [Fact]
    public void Reads_keys_and_signatures_it_would_not_certify()
    {
        using var openssl = new OpenSsl();
        openssl.Run("req", "-x509", "-nodes", "-newkey", "ed25519", "-subj", "/CN=a", "-keyout", "k.pem", "-out", "ed.pem");
        var certificate = Certificate.ReadBundle(openssl.Read("ed.pem"))[0];
        (certificate.Key.Kind, certificate.SignatureAlgorithm, certificate.VerifySignature(certificate.Key)).ShouldBe((KeyKind.Ed25519, SignatureAlgorithm.Other, false));
        openssl.Run("req", "-x509", "-nodes", "-newkey", "rsa:1024", "-md5", "-subj", "/CN=a", "-keyout", "k.pem", "-out", "weak.pem");
        certificate = Certificate.ReadBundle(openssl.Read("weak.pem"))[0];
        (certificate.Key.Bits, certificate.SignatureAlgorithm, certificate.VerifySignature(certificate.Key)).ShouldBe((1024, SignatureAlgorithm.RsaMd5, false));
    }

    [Fact]
    public void Reads_every_root_the_machine_trusts()
    {
        const string Bundle = "/etc/ssl/certs/ca-certificates.crt";
        if (!File.Exists(Bundle))
        {
            return;
        }

        var certificates = Certificate.ReadBundle(File.ReadAllBytes(Bundle));
        foreach (var certificate in certificates)
        {
            SameAsPlatform(certificate);
            certificate.IsCa.ShouldBe(certificate.Version == 3);
            if (certificate.IsSelfIssued && certificate.SignatureAlgorithm is not (SignatureAlgorithm.Other or SignatureAlgorithm.RsaMd5))
            {
                certificate.VerifySignature(certificate.Key).ShouldBeTrue(certificate.Subject.ToString());
            }
        }
    }

    [Fact]
    public void Reads_bundles_in_PEM_DER_and_PKCS7_in_their_order()
    {
        using var openssl = new OpenSsl();
        foreach (var name in new[] { "a", "b" })
        {
            openssl.Run("req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", $"/CN={name}", "-keyout", $"{name}.key", "-out", $"{name}.pem");
        }

        byte[] together = [.. openssl.Read("b.pem"), .. openssl.Read("a.key"), .. openssl.Read("a.pem")];
        openssl.File("all.pem", together);
        openssl.Run("crl2pkcs7", "-nocrl", "-certfile", "all.pem", "-out", "all.p7b");
        openssl.Run("crl2pkcs7", "-nocrl", "-certfile", "all.pem", "-outform", "DER", "-out", "all.p7c");
        openssl.Run("x509", "-in", "a.pem", "-outform", "DER", "-out", "a.der");
        openssl.Run("x509", "-in", "a.pem", "-text", "-out", "text.pem");
        Names(openssl.Read("all.pem")).ShouldBe("b a");
        Names(openssl.Read("all.p7b")).ShouldBe("b a");
        Names(openssl.Read("all.p7c")).ShouldBe("b a");
        Names(openssl.Read("a.der")).ShouldBe("a");
        Names(openssl.Read("text.pem")).ShouldBe("a");
        Names(Encoding.ASCII.GetBytes(Convert.ToBase64String(openssl.Read("a.der")))).ShouldBe("a");
        openssl.Run("x509", "-in", "a.pem", "-trustout", "-addtrust", "serverAuth", "-out", "trusted.pem");
        Refused.With(Refusal.Malformed, () => Certificate.ReadBundle(openssl.Read("trusted.pem"))).Detail.ShouldContain("TRUSTED CERTIFICATE");
        Refused.With(Refusal.Malformed, () => Certificate.ReadBundle(openssl.Read("a.key"))).Detail.ShouldContain("No certificate");
        Refused.With(Refusal.Malformed, () => Certificate.ReadBundle("hello"u8));
        Refused.With(Refusal.Malformed, () => Certificate.ReadBundle(openssl.Read("a.der").AsSpan(0, 100)));

        static string Names(ReadOnlySpan<byte> file) => string.Join(' ', Certificate.ReadBundle(file).Select(certificate => certificate.Subject.CommonName));
    }

    private static void SameAsOpenSsl(OpenSsl openssl, string file, Certificate certificate)
    {
        string Say(params string[] what) => openssl.Run(["x509", "-in", file, "-noout", .. what]).Trim();
        certificate.Subject.ToString().ShouldBe(Say("-subject", "-nameopt", NameOptions)["subject=".Length..]);
        certificate.Issuer.ToString().ShouldBe(Say("-issuer", "-nameopt", NameOptions)["issuer=".Length..]);
        certificate.SerialHex.ToUpperInvariant().ShouldBe(Say("-serial")["serial=".Length..]);
        certificate.Sha256.ShouldBe(Say("-fingerprint", "-sha256").Split('=')[1].Replace(":", "").ToLowerInvariant());
        certificate.NotBefore.ShouldBe(Date(Say("-startdate")));
        certificate.NotAfter.ShouldBe(Date(Say("-enddate")));
        certificate.Version.ShouldBe(Say("-text").Contains("Version: 3", StringComparison.Ordinal) ? 3 : 1);
        if (certificate.FindExtension(Oids.SubjectAltName) is not null)
        {
            var said = Say("-ext", "subjectAltName").Split('\n')[1].Split(", ").Select(entry => entry.Trim()).Take(5);
            certificate.Sans.Take(5).Select(AsOpenSsl).ShouldBe(said);
            certificate.Sans.Skip(5).ShouldAllBe(entry => entry.Kind == "other");
        }
    }

    private static string AsOpenSsl(SanEntry entry) => entry switch
    {
        SanEntry.Dns dns => $"DNS:{dns.Name}",
        SanEntry.Ip { Address.AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } => "IP Address:2001:DB8:0:0:0:0:0:1",
        SanEntry.Ip ip => $"IP Address:{ip.Address}",
        SanEntry.Email email => $"email:{email.Address}",
        _ => $"URI:{entry.Text}",
    };

    private static DateTimeOffset Date(string line) => DateTimeOffset.ParseExact(
        line.Split('=')[1].Replace("  ", " "), "MMM d HH:mm:ss yyyy 'GMT'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static void SameAsPlatform(Certificate certificate)
    {
        using var platform = X509CertificateLoader.LoadCertificate(certificate.Der.Span);
        certificate.Subject.Encoded.ToArray().ShouldBe(platform.SubjectName.RawData);
        certificate.Issuer.Encoded.ToArray().ShouldBe(platform.IssuerName.RawData);
        certificate.NotBefore.UtcDateTime.ShouldBe(platform.NotBefore.ToUniversalTime());
        certificate.NotAfter.UtcDateTime.ShouldBe(platform.NotAfter.ToUniversalTime());
        certificate.Version.ShouldBe(platform.Version);
        certificate.Serial.ShouldBe(Trimmed(platform.SerialNumberBytes.ToArray()));
        certificate.Sha1.ToUpperInvariant().ShouldBe(platform.Thumbprint);
        certificate.Key.Spki.ToArray().ShouldBe(platform.PublicKey.ExportSubjectPublicKeyInfo());
        certificate.Extensions.Select(extension => (extension.Oid, extension.Critical, Convert.ToHexString(extension.Value.Span)))
            .ShouldBe(platform.Extensions.Select(extension => (extension.Oid!.Value!, extension.Critical, Convert.ToHexString(extension.RawData))));
        foreach (var extension in platform.Extensions)
        {
            switch (extension)
            {
                case X509BasicConstraintsExtension basic:
                    (certificate.IsCa, certificate.PathLength).ShouldBe((basic.CertificateAuthority, basic.HasPathLengthConstraint ? basic.PathLengthConstraint : null));
                    break;
                case X509KeyUsageExtension usage:
                    ((int)certificate.KeyUsage!).ShouldBe(OurBits((int)usage.KeyUsages));
                    break;
                case X509EnhancedKeyUsageExtension extended:
                    certificate.ExtendedKeyUsages.ShouldBe(extended.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Select(oid => oid.Value!));
                    break;
                case X509SubjectKeyIdentifierExtension subject:
                    certificate.SubjectKeyIdentifier.ShouldBe(subject.SubjectKeyIdentifierBytes.ToArray());
                    break;
                case X509AuthorityKeyIdentifierExtension authority:
                    certificate.AuthorityKeyIdentifier.ShouldBe(authority.KeyIdentifier?.ToArray());
                    break;
                default:
                    break;
            }
        }
    }

    // the platform's flags are the bytes of the BIT STRING, ours are its bit numbers
    private static int OurBits(int platform) =>
        Enumerable.Range(0, 9).Where(bit => (platform & (bit == 8 ? 0x8000 : 0x80 >> bit)) != 0).Sum(bit => 1 << bit);

    private static byte[] Trimmed(byte[] serial) => serial.Length > 1 && serial[0] == 0 ? serial[1..] : serial;
}
