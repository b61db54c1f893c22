using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Pki.Crl;
using Countersign.Pki.Signing;
using Countersign.Pki.Tests.Signing;

namespace Countersign.Pki.Tests.Crl;

public sealed class CrlTests
{
    private static readonly DateTimeOffset Now = TestAuthority.Now;

    [Fact]
    public void Openssl_reads_number_reasons_and_distribution_point()
    {
        using var authority = new TestAuthority();
        using var openssl = new OpenSsl();
        using var writer = new CrlWriter(authority.Facts, 4711, Now, Now.AddDays(1));
        writer.Add([0x01, 0x02], Now.AddHours(-1), RevocationReason.KeyCompromise);
        writer.Add([0xff, 0x01], Now.AddHours(-2), RevocationReason.Unspecified);
        writer.Add([0x7f], new DateTimeOffset(2051, 1, 1, 0, 0, 0, TimeSpan.Zero), RevocationReason.PrivilegeWithdrawn);
        string file = openssl.File("list.crl", writer.Sign(authority.Key));
        string issuing = openssl.Pem("issuing.pem", "CERTIFICATE", authority.Issuing.Der);
        string text = openssl.Run("crl", "-inform", "DER", "-in", file, "-noout", "-text", "-CAfile", issuing);
        text.ShouldContain("verify OK");
        text.ShouldContain("4711");
        text.ShouldContain("Issuing Distribution Point: critical");
        text.ShouldContain("URI:" + TestAuthority.CrlUrl);
        text.ShouldContain("Serial Number: 0102");
        text.ShouldContain("Serial Number: FF01");
        text.ShouldContain("Key Compromise");
        text.ShouldContain("Privilege Withdrawn");
        text.ShouldContain("Jan  1 00:00:00 2051 GMT");
    }

    [Fact]
    public void Openssl_refuses_the_listed_certificate_and_takes_the_other()
    {
        using var authority = new TestAuthority();
        using var openssl = new OpenSsl();
        var revoked = authority.Issue(BuiltInProfiles.TlsClient, "CN=revoked");
        var good = authority.Issue(BuiltInProfiles.TlsClient, "CN=good");
        using var writer = new CrlWriter(authority.Facts, 1, Now, Now.AddDays(1));
        writer.Add(revoked.Serial, Now, RevocationReason.Superseded);
        string chain = openssl.Pem("chain.pem", "CERTIFICATE", authority.Root.Der, authority.Issuing.Der);
        string list = openssl.Pem("list.pem", "X509 CRL", writer.Sign(authority.Key));
        string[] arguments = ["verify", "-x509_strict", "-crl_check", "-attime", IssuerTests.Seconds(Now), "-CAfile", chain, "-CRLfile", list];
        openssl.Run([.. arguments, openssl.Pem("good.pem", "CERTIFICATE", good.Der)]).ShouldContain("OK");
        openssl.Try([.. arguments, openssl.Pem("revoked.pem", "CERTIFICATE", revoked.Der)]).Output.ShouldContain("certificate revoked");
    }

    [Fact]
    public void Openssl_checks_the_whole_chain_with_the_lists_of_root_and_issuing_authority()
    {
        using var authority = new TestAuthority();
        using var openssl = new OpenSsl();
        using var ofIssuing = new CrlWriter(authority.Facts, 1, Now, Now.AddDays(1));
        using var ofRoot = new CrlWriter(authority.RootFacts, 1, Now, Now.AddDays(1));
        string chain = openssl.Pem("chain.pem", "CERTIFICATE", authority.Root.Der, authority.Issuing.Der);
        string lists = openssl.Pem("lists.pem", "X509 CRL", ofIssuing.Sign(authority.Key), ofRoot.Sign(authority.RootKey));
        string leaf = openssl.Pem("leaf.pem", "CERTIFICATE", authority.Issue(BuiltInProfiles.TlsClient, "CN=good").Der);
        openssl.Run("verify", "-x509_strict", "-crl_check_all", "-attime", IssuerTests.Seconds(Now), "-CAfile", chain, "-CRLfile", lists, leaf).ShouldContain("OK");
    }

    [Fact]
    public void An_empty_list_has_no_entries_element()
    {
        using var authority = new TestAuthority();
        using var openssl = new OpenSsl();
        using var writer = new CrlWriter(authority.Facts, 1, Now, Now.AddDays(1));
        byte[] der = writer.Sign(authority.Key);
        openssl.Run("crl", "-inform", "DER", "-in", openssl.File("list.crl", der), "-noout", "-text").ShouldContain("No Revoked Certificates");
        CrlReader.Decode(der).Entries().ShouldBeEmpty();
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        using var authority = new TestAuthority();
        using var writer = new CrlWriter(authority.Facts, System.Numerics.BigInteger.Pow(2, 100), Now, Now.AddDays(1));
        var entries = Enumerable.Range(0, 20_000).Select(i => new CrlEntry(
            TestAuthority.NewSerial().AsSpan().TrimStart((byte)0).ToArray(),
            Now.AddSeconds(-i),
            RevocationReasons.Offered[i % RevocationReasons.Offered.Count])).ToList();
        foreach (var entry in entries)
        {
            writer.Add(entry.Serial, entry.RevokedAt, entry.Reason);
        }

        var list = CrlReader.Decode(writer.Sign(authority.Key));
        list.VerifySignature(authority.Key.PublicKey).ShouldBeTrue();
        list.VerifySignature(authority.RootKey.PublicKey).ShouldBeFalse();
        list.Number.ShouldBe(System.Numerics.BigInteger.Pow(2, 100));
        list.DistributionPoint.ShouldBe(TestAuthority.CrlUrl);
        list.AuthorityKeyIdentifier.ShouldBe(authority.Issuing.SubjectKeyIdentifier);
        list.ThisUpdate.ShouldBe(Now);
        list.NextUpdate.ShouldBe(Now.AddDays(1));
        list.Issuer.ShouldBe(authority.Issuing.Subject);
        var read = list.Entries().ToList();
        read.Count.ShouldBe(entries.Count);
        for (int i = 0; i < read.Count; i++)
        {
            read[i].Serial.ShouldBe(entries[i].Serial);
            read[i].RevokedAt.ShouldBe(entries[i].RevokedAt);
            read[i].Reason.ShouldBe(entries[i].Reason);
        }

        list.Find(entries[7].Serial)!.Reason.ShouldBe(entries[7].Reason);
        list.Find([1, 2, 3]).ShouldBeNull();
    }

    [Fact]
    public void The_platform_reads_number_and_entries()
    {
        using var authority = new TestAuthority();
        using var writer = new CrlWriter(authority.Facts, 4711, Now, Now.AddDays(1));
        writer.Add([0xff, 0x01], Now, RevocationReason.KeyCompromise);
        writer.Add([0x05], Now, RevocationReason.Unspecified);
        var platform = CertificateRevocationListBuilder.Load(writer.Sign(authority.Key), out var number);
        number.ShouldBe(4711);
        platform.RemoveEntry([0x00, 0xff, 0x01]).ShouldBeTrue();
        platform.RemoveEntry([0x05]).ShouldBeTrue();
        platform.RemoveEntry([0x06]).ShouldBeFalse();
    }

    [Fact]
    public void A_list_made_by_the_platform_is_read()
    {
        using var key = TestAuthority.NewEcKey();
        using var issuer = new CertificateRequest("CN=Platform", key, HashAlgorithmName.SHA256)
            { CertificateExtensions = { new X509BasicConstraintsExtension(true, false, 0, true), new X509SubjectKeyIdentifierExtension("0102030405", false) } }
            .CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        var builder = new CertificateRevocationListBuilder();
        builder.AddEntry([0x7f, 0x01], Now, X509RevocationReason.CACompromise);
        builder.AddEntry([0x11], Now);
        var list = CrlReader.Decode(builder.Build(issuer, 99, Now.AddDays(1), HashAlgorithmName.SHA256, thisUpdate: Now));
        list.Number.ShouldBe(99);
        list.VerifySignature(Countersign.Pki.X509.SubjectPublicKey.Decode(key.ExportSubjectPublicKeyInfo())).ShouldBeTrue();
        list.Entries().Select(e => (Convert.ToHexString(e.Serial), e.Reason)).ShouldBe([("7F01", RevocationReason.CaCompromise), ("11", RevocationReason.Unspecified)]);
    }

    [Fact]
    public void A_list_signed_with_another_key_never_leaves()
    {
        using var authority = new TestAuthority();
        using var writer = new CrlWriter(authority.Facts, 1, Now, Now.AddDays(1));
        Should.Throw<RefusalException>(() => writer.Sign(authority.RootKey)).Code.ShouldBe(Refusal.KeyMismatch);
    }

    [Fact]
    public void Reads_lists_made_by_openssl()
    {
        using var openssl = new OpenSsl();
        openssl.Run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=openssl ca", "-days", "30");
        openssl.File("index.txt", "R\t301231235959Z\t260101120000Z,keyCompromise\t1234567890ABCDEF\tunknown\t/CN=x\n"u8);
        openssl.File("crlnumber", "2A\n"u8);
        openssl.File("ca.cnf", "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=7\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n"u8);
        openssl.Run("ca", "-gencrl", "-config", "ca.cnf", "-keyfile", "ca.key", "-cert", "ca.pem", "-out", "list.pem");
        var list = CrlReader.Decode(Countersign.Pki.Pem.PemFile.OneDer(openssl.Read("list.pem"), "X509 CRL"));
        list.Number.ShouldBe(42);
        var entry = list.Entries().ShouldHaveSingleItem();
        Convert.ToHexString(entry.Serial).ShouldBe("1234567890ABCDEF");
        entry.Reason.ShouldBe(RevocationReason.KeyCompromise);
        entry.RevokedAt.ShouldBe(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("keyCompromise", RevocationReason.KeyCompromise)]
    [InlineData("CACOMPROMISE", RevocationReason.CaCompromise)]
    [InlineData("9", RevocationReason.PrivilegeWithdrawn)]
    public void Reasons_are_read_by_name_and_number(string text, RevocationReason expected)
    {
        RevocationReasons.TryParse(text, out var reason).ShouldBeTrue();
        reason.ShouldBe(expected);
        RevocationReasons.TryParse(reason.Name(), out var again).ShouldBeTrue();
        again.ShouldBe(expected);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("")]
    [InlineData("bored")]
    public void What_is_no_reason_is_not_read(string text) => RevocationReasons.TryParse(text, out _).ShouldBeFalse();
}
