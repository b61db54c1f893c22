using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.X509;

public sealed class ExtensionFactsTests
{
    [Fact]
    public void Extensions_another_program_wrote_are_told_in_full()
    {
        using var openssl = new OpenSsl();
        openssl.Run(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "k.pem", "-out", "c.pem", "-subj", "/CN=All of them",
            "-addext", "keyUsage=critical,digitalSignature,keyCertSign,cRLSign", "-addext", "extendedKeyUsage=serverAuth,1.2.3.4",
            "-addext", "subjectAltName=DNS:a.example.test,IP:192.0.2.7,email:a@example.test,URI:sip:a@example.test",
            "-addext", "crlDistributionPoints=URI:http://pki.example.test/a.crl", "-addext", "certificatePolicies=1.2.3.4.5,1.2.3.4.6",
            "-addext", "authorityInfoAccess=OCSP;URI:http://pki.example.test/ocsp,caIssuers;URI:http://pki.example.test/ca.cer",
            "-addext", "nameConstraints=permitted;DNS:example.test,permitted;IP:192.0.2.0/255.255.255.0,excluded;email:bad.test", "-addext", "noCheck=ignored",
            "-addext", "tlsfeature=status_request");
        var certificate = Certificate.ReadBundle(openssl.Read("c.pem"))[0];

        Told(Oids.KeyUsage).ShouldBe(["usage DigitalSignature", "usage KeyCertSign", "usage CrlSign"]);
        Told(Oids.ExtendedKeyUsage).ShouldBe(["purpose 1.3.6.1.5.5.7.3.1", "purpose 1.2.3.4"]);
        Told(Oids.SubjectAltName).ShouldBe(["name dns:a.example.test", "name ip:192.0.2.7", "name email:a@example.test", "name uri:sip:a@example.test"]);
        Told(Oids.BasicConstraints).ShouldBe(["ca "]);
        Told(Oids.CrlDistributionPoints).ShouldBe(["crl http://pki.example.test/a.crl"]);
        Told(Oids.CertificatePolicies).ShouldBe(["policy 1.2.3.4.5", "policy 1.2.3.4.6"]);
        Told(Oids.AuthorityInfoAccess).ShouldBe(["ocsp http://pki.example.test/ocsp", "ca_issuers http://pki.example.test/ca.cer"]);
        Told(Oids.NameConstraints).ShouldBe(["permitted dns:example.test", "permitted ip:192.0.2.0/24", "excluded email:bad.test"]);
        Told(Oids.OcspNoCheck).ShouldBe(["no_check "]);
        var key = string.Join(' ', Convert.ToHexStringLower(certificate.SubjectKeyIdentifier!).Chunk(2).Select(c => new string(c)));
        Told(Oids.SubjectKeyIdentifier).ShouldBe(["key_id " + key]);
        Told(Oids.AuthorityKeyIdentifier).ShouldBe(["issuer_key_id " + key]);
        ExtensionFacts.Read(certificate.FindExtension(Oids.TlsFeature)!).ShouldBeNull();

        IEnumerable<string> Told(string oid) => ExtensionFacts.Read(certificate.FindExtension(oid)!).ShouldNotBeNull().Select(f => $"{f.What} {f.Value}");
    }

    [Theory]
    [InlineData(Oids.KeyUsage), InlineData(Oids.SubjectAltName), InlineData(Oids.CrlDistributionPoints), InlineData(Oids.AuthorityInfoAccess), InlineData(Oids.CertificatePolicies)]
    [InlineData(Oids.NameConstraints), InlineData(Oids.BasicConstraints), InlineData(Oids.AuthorityKeyIdentifier)]
    public void A_value_that_is_not_of_its_type_is_left_as_it_is(string oid)
    {
        foreach (var value in new[] { "", "30", "3003020101", "300630040c024142", "0500", "30053003a0017f" })
        {
            Should.NotThrow(() => ExtensionFacts.Read(new Extension(oid, false, Convert.FromHexString(value))));
        }

        ExtensionFacts.Read(new Extension(oid, false, Convert.FromHexString("0c0141"))).ShouldBeNull();
    }
}
