using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Pki.Pem;
using Countersign.Pki.Requests;
using Countersign.Pki.X509;
using FsCheck;
using FsCheck.Fluent;
using SanEntry = Countersign.Pki.X509.SanEntry;

namespace Countersign.Pki.Tests.Requests;

/// <summary>Requests of the real openssl in many spellings must read as openssl and the platform read them.</summary>
public sealed class CertificationRequestTests
{
    private const string NameOptions = "esc_2253,utf8,sep_comma_plus_space,sname";

    // a configuration, and the arguments that make the key and the signature
    public static TheoryData<string, string, string[]> Spellings() => new()
    {
        { "UTF-8, P-256", Config("utf8only", "CN=Müller 4711\nO=Example, Inc. \\\"Phones\\\"\nC=DE"), Ec("P-256", "-sha256") },
        { "old string types", Config("nombstr", "CN=Müller\nO=Straße 5\nC=DE"), Ec("P-256", "-sha256") },
        { "printable and T61 and BMP", Config("default", "CN=phone_4711@x\nO=Ελλάς\nC=US\nemailAddress=a@example.test"), Ec("P-384", "-sha384") },
        { "IA5 names", Config("utf8only", "DC=test\nDC=example\nCN=a"), Ec("P-521", "-sha512") },
        { "parts joined", Config("utf8only", "C=DE\nOU=phones\n+CN=4711\n+serialNumber=17"), Ec("P-256", "-sha512") },
        { "no name at all", Config("utf8only", ""), [.. Ec("P-256", "-sha256"), "-subj", "/"] },
        { "RSA 2048", Config("utf8only", "CN=a"), ["-newkey", "rsa:2048", "-sha256"] },
        { "RSA 3072 with PSS", Config("utf8only", "CN=a"), ["-newkey", "rsa:3072", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] },
        { "RSA 2048 with PSS and SHA-512", Config("utf8only", "CN=a"), ["-newkey", "rsa:2048", "-sha512", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] },
        { "old label", Config("utf8only", "CN=a"), [.. Ec("P-256", "-sha256"), "-newhdr"] },
        { "unknown attribute types", Config("utf8only", "1.2.3.4.5=a\nUID=b\ntitle=c\nGN=d\nSN=e\npostalCode=5"), Ec("P-256", "-sha256") },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Reads_a_request_as_openssl_and_the_platform_do(string name, string config, string[] arguments)
    {
        name.ShouldNotBeEmpty();
        using var openssl = new OpenSsl();
        openssl.File("request.cnf", System.Text.Encoding.UTF8.GetBytes(config));
        openssl.Run(["req", "-new", "-nodes", "-utf8", "-config", "request.cnf", "-keyout", "key.pem", "-out", "request.pem", .. arguments]);

        var request = CertificationRequest.Read(openssl.Read("request.pem"));
        request.EnsureAcceptable();
        openssl.Run("req", "-in", "request.pem", "-noout", "-verify");
        request.Subject.ToString().ShouldBe(openssl.Run("req", "-in", "request.pem", "-noout", "-subject", "-nameopt", NameOptions).Trim()["subject=".Length..]);
        openssl.File("key.der", request.Key.Spki.Span);
        openssl.Run("pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "expected.der");
        request.Key.Spki.ToArray().ShouldBe(openssl.Read("expected.der"));
        request.Sans.Select(entry => entry.ToString()).ShouldBe(
            ["dns:phone.example.test", "dns:*.example.test", "ip:10.0.0.1", "ip:2001:db8::1", "email:a@example.test", "uri:sip:example.test"]);
        request.ChallengePassword.ShouldBe(request.Subject.IsEmpty ? null : "secret sesame"); // openssl writes no attributes beside -subj
        request.RequestedKeyUsage.ShouldBe(KeyUsages.DigitalSignature | KeyUsages.KeyAgreement);
        Same(request);
    }

    [Fact]
    public void Reads_a_request_without_the_list_of_attributes()
    {
        using var forge = new RequestForge { Attributes = null };
        CertificationRequest.Decode(forge.Make()).EnsureAcceptable();
    }

    [Fact]
    public void Reads_unsorted_attributes_as_real_clients_send_them()
    {
        var san = SubjectAltNames.Encode([SanEntry.Parse("a.example.test")]);
        using var forge = new RequestForge()
            .Attribute(Oids.ExtensionRequest, RequestForge.ExtensionList((Oids.SubjectAltName, false, san)))
            .Attribute("1.3.6.1.4.1.311.13.2.3", RequestForge.Text(UniversalTagNumber.IA5String, "10.0.19045.2"))
            .Attribute(Oids.ChallengePassword, RequestForge.Text(UniversalTagNumber.UTF8String, "x"));
        var request = CertificationRequest.Decode(forge.Make());
        request.EnsureAcceptable();
        request.Sans.ShouldHaveSingleItem().Text.ShouldBe("a.example.test");
        request.ChallengePassword.ShouldBe("x");
    }

    [Fact]
    public void Reads_requests_of_the_platform()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var builder = new SubjectAlternativeNameBuilder();
        builder.AddDnsName("phone.example.test");
        var made = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=4711, O=\"Example, Inc.\", C=DE", key, HashAlgorithmName.SHA256);
        made.CertificateExtensions.Add(builder.Build());
        made.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var request = CertificationRequest.Decode(made.CreateSigningRequest());
        request.EnsureAcceptable();
        request.Subject.Encoded.ToArray().ShouldBe(made.SubjectName.RawData);
        Same(request);
    }

    [Fact]
    public void Any_changed_byte_is_read_or_refused_and_never_a_crash()
    {
        using var forge = new RequestForge().Extensions(
            (Oids.SubjectAltName, false, SubjectAltNames.Encode([SanEntry.Parse("a.example.test"), SanEntry.Parse("10.0.0.1")])),
            (Oids.KeyUsage, true, [3, 2, 7, 0x80]));
        forge.Attribute(Oids.ChallengePassword, RequestForge.Text(UniversalTagNumber.UTF8String, "x"));
        var der = forge.Make();
        Prop.ForAll(Gen.Zip(Gen.Choose(0, der.Length - 1), Gen.Choose(1, 255)).ToArbitrary(), change =>
        {
            var mutated = (byte[])der.Clone();
            mutated[change.Item1] ^= (byte)change.Item2;
            Should.Throw<RefusalException>(() => CertificationRequest.Decode(mutated).EnsureAcceptable());
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static string[] Ec(string curve, string hash) => ["-newkey", "ec", "-pkeyopt", $"ec_paramgen_curve:{curve}", hash];

    private static string Config(string mask, string subject) => $"""
        [req]
        prompt = no
        utf8 = yes
        string_mask = {mask}
        distinguished_name = subject
        req_extensions = extensions
        attributes = attributes
        [subject]
        {Numbered(subject)}
        [attributes]
        challengePassword = secret sesame
        [extensions]
        subjectAltName = DNS:phone.example.test, DNS:*.example.test, IP:10.0.0.1, IP:2001:db8::1, email:a@example.test, URI:sip:example.test
        keyUsage = critical, digitalSignature, keyAgreement
        extendedKeyUsage = serverAuth, clientAuth
        basicConstraints = critical, CA:FALSE

        """;

    // the same type twice needs different keys in this format: "0.DC", "1.DC"; + stays in front of the type
    private static string Numbered(string subject) => string.Join('\n', subject.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select((line, i) => line.StartsWith('+') ? $"{i}.{line}" : line.StartsWith("1.", StringComparison.Ordinal) ? line : $"{i}.{line}"));

    // what the platform's strict reader says about the same bytes
    private static void Same(CertificationRequest request)
    {
        var platform = System.Security.Cryptography.X509Certificates.CertificateRequest.LoadSigningRequest(
            request.Der.ToArray(), HashAlgorithmName.SHA256, out var used, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
        used.ShouldBe(request.Der.Length);
        platform.PublicKey.ExportSubjectPublicKeyInfo().ShouldBe(request.Key.Spki.ToArray());
        platform.CertificateExtensions.Select(extension => (extension.Oid!.Value!, extension.Critical, Convert.ToHexString(extension.RawData)))
            .ShouldBe(request.RequestedExtensions.Select(extension => (extension.Oid, extension.Critical, Convert.ToHexString(extension.Value.Span))));
        Texts(platform.SubjectName.RawData).ShouldBe(Texts(request.Subject.Encoded.ToArray()));
    }

    private static string Texts(byte[] name) => new X500DistinguishedName(name).Decode(X500DistinguishedNameFlags.UseNewLines);
}
