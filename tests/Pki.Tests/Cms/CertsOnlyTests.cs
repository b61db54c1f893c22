using System.Security.Cryptography.Pkcs;
using Countersign.Pki.Cms;
using Countersign.Pki.Signing;
using Countersign.Pki.Tests.Signing;

namespace Countersign.Pki.Tests.Cms;

public sealed class CertsOnlyTests
{
    [Fact]
    public void Openssl_the_platform_and_we_read_the_same_certificates_in_order()
    {
        using var authority = new TestAuthority();
        using var openssl = new OpenSsl();
        var leaf = authority.Issue(BuiltInProfiles.TlsServer, "CN=a.example.test");
        byte[] message = CertsOnly.Write([leaf, authority.Issuing, authority.Root]);

        CertsOnly.Read(message).Select(c => c.Sha256).ShouldBe([leaf.Sha256, authority.Issuing.Sha256, authority.Root.Sha256]);

        string printed = openssl.Run("pkcs7", "-inform", "DER", "-in", openssl.File("a.p7c", message), "-print_certs");
        printed.Split("BEGIN CERTIFICATE").Length.ShouldBe(4);
        printed.IndexOf("CN = a.example.test", StringComparison.Ordinal).ShouldBeLessThan(printed.IndexOf("subject=CN = Test Root", StringComparison.Ordinal));

        var platform = new SignedCms();
        platform.Decode(message);
        platform.Certificates.Count.ShouldBe(3);
        platform.SignerInfos.Count.ShouldBe(0);
    }

    [Fact]
    public void Reads_what_openssl_writes()
    {
        using var authority = new TestAuthority();
        using var openssl = new OpenSsl();
        string chain = openssl.Pem("chain.pem", "CERTIFICATE", authority.Issuing.Der, authority.Root.Der);
        openssl.Run("crl2pkcs7", "-nocrl", "-certfile", chain, "-out", "chain.p7b");
        CertsOnly.Read(openssl.Read("chain.p7b")).Select(c => c.Sha256).ShouldBe([authority.Issuing.Sha256, authority.Root.Sha256], ignoreOrder: true);
    }
}
