using Countersign.Pki.Lint;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Lint;

/// <summary>Certificates of other programs, as they are imported.</summary>
public sealed class ImportedCertificateTests
{
    [Fact]
    public void An_authority_made_by_openssl_with_care_has_no_errors()
    {
        var certificate = SelfSigned("-addext", "keyUsage=critical,keyCertSign,cRLSign");
        Linter.CheckCertificate(certificate).ShouldNotContain(f => f.Severity == LintSeverity.Error);
    }

    [Fact]
    public void An_authority_without_key_usage_is_told_so() =>
        Linter.CheckCertificate(SelfSigned()).ShouldContain(f => f.Rule == "key_usage" && f.Severity == LintSeverity.Error);

    [Fact]
    public void A_weak_hash_is_found() =>
        Linter.CheckCertificate(SelfSigned("-sha1")).ShouldContain(f => f.Rule == "signature_strength");

    private static Certificate SelfSigned(params string[] more)
    {
        using var openssl = new OpenSsl();
        openssl.Run(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "c.pem", "-subj", "/C=DE/O=Example/CN=Example CA", "-days", "3650", .. more]);
        return Certificate.ReadBundle(openssl.Read("c.pem")).Single();
    }
}
