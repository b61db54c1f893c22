using System.Security.Cryptography;
using Countersign.Pki.Crl;
using Countersign.Pki.Ocsp;
using Countersign.Pki.Signing;
using Countersign.Pki.Tests.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Ocsp;

public sealed class OcspTests
{
    private static readonly DateTimeOffset Now = TestAuthority.Now;

    [Theory]
    [InlineData("-sha1")]
    [InlineData("-sha256")]
    public void Reads_what_openssl_asks_and_openssl_believes_the_answer(string hash)
    {
        using var lab = new Lab();
        var good = lab.Authority.Issue(BuiltInProfiles.TlsClient, "CN=good");
        var revoked = lab.Authority.Issue(BuiltInProfiles.TlsClient, "CN=revoked");
        var stranger = lab.Authority.Issue(BuiltInProfiles.TlsClient, "CN=stranger");
        string issuer = lab.OpenSsl.Pem("issuing.pem", "CERTIFICATE", lab.Authority.Issuing.Der);
        string[] files = [.. new[] { good, revoked, stranger }.Select((c, i) => lab.OpenSsl.Pem($"c{i}.pem", "CERTIFICATE", c.Der))];
        string[] certificates = ["-issuer", issuer, hash, "-cert", files[0], hash, "-cert", files[1], hash, "-cert", files[2]];
        lab.OpenSsl.Run(["ocsp", .. certificates, "-reqout", "request.der"]);

        var request = OcspRequest.Decode(lab.OpenSsl.Read("request.der"));
        request.Ids.Count.ShouldBe(3);
        request.Nonce.Length.ShouldBe(16);
        var issuerIds = new OcspIssuer(lab.Authority.Issuing);
        request.Ids.ShouldAllBe(id => issuerIds.Matches(id));
        request.Ids.Select(id => id.Serial.ToArray()).ShouldBe([good.Serial, revoked.Serial, stranger.Serial]);

        byte[] answer = lab.Responder.Answer(
            [
                new(request.Ids[0], OcspCertStatus.Good, null, default, RealNow, RealNow.AddHours(1)),
                new(request.Ids[1], OcspCertStatus.Revoked, RealNow.AddDays(-1), RevocationReason.KeyCompromise, RealNow, RealNow.AddHours(1)),
                new(request.Ids[2], OcspCertStatus.Unknown, null, default, RealNow, null),
            ],
            RealNow, request.Nonce.Span, lab.Key);
        lab.OpenSsl.File("answer.der", answer);
        string chain = lab.OpenSsl.Pem("chain.pem", "CERTIFICATE", lab.Authority.Root.Der, lab.Authority.Issuing.Der);
        string said = lab.OpenSsl.Run(["ocsp", "-no_nonce", "-reqin", "request.der", "-respin", "answer.der", .. certificates, "-CAfile", chain, "-resp_text"]);
        said.ShouldContain("Response verify OK");
        said.ShouldNotContain("WARNING: no nonce");
        said.ShouldContain($"{files[0]}: good");
        said.ShouldContain($"{files[1]}: revoked");
        said.ShouldContain("Reason: keyCompromise");
        said.ShouldContain($"{files[2]}: unknown");
    }

    [Fact]
    public void An_answer_made_in_advance_serves_a_question_without_nonce()
    {
        using var lab = new Lab();
        var certificate = lab.Authority.Issue(BuiltInProfiles.TlsClient, "CN=good");
        var ids = new OcspIssuer(lab.Authority.Issuing);
        foreach (bool sha256 in new[] { false, true })
        {
            byte[] answer = lab.Responder.Answer([new(ids.CertId(certificate.Serial, sha256), OcspCertStatus.Good, null, default, RealNow, RealNow.AddHours(1))], RealNow, default, lab.Key);
            lab.OpenSsl.File("answer.der", answer);
            string issuer = lab.OpenSsl.Pem("issuing.pem", "CERTIFICATE", lab.Authority.Issuing.Der);
            string leaf = lab.OpenSsl.Pem("leaf.pem", "CERTIFICATE", certificate.Der);
            string chain = lab.OpenSsl.Pem("chain.pem", "CERTIFICATE", lab.Authority.Root.Der, lab.Authority.Issuing.Der);
            string said = lab.OpenSsl.Run("ocsp", "-no_nonce", "-issuer", issuer, sha256 ? "-sha256" : "-sha1", "-cert", leaf, "-respin", "answer.der", "-CAfile", chain);
            said.ShouldContain("Response verify OK");
            said.ShouldContain($"{leaf}: good");
        }
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        using var lab = new Lab();
        var ids = new OcspIssuer(lab.Authority.Issuing);
        byte[] nonce = RandomNumberGenerator.GetBytes(32);
        var single = new OcspSingle(ids.CertId([0x80, 1], sha256: true), OcspCertStatus.Revoked, Now.AddDays(-2), RevocationReason.Superseded, Now, Now.AddHours(2));
        var response = OcspResponse.Decode(lab.Responder.Answer([single], Now, nonce, lab.Key));
        response.Status.ShouldBe(OcspResponseStatus.Successful);
        response.ProducedAt.ShouldBe(Now);
        response.Nonce.ToArray().ShouldBe(nonce);
        response.ResponderKeyHash.ShouldBe(SHA1.HashData(lab.Signer.Key.KeyBits.Span));
        response.Certificates.ShouldHaveSingleItem().Sha256.ShouldBe(lab.Signer.Sha256);
        response.VerifySignature(lab.Signer.Key).ShouldBeTrue();
        var read = response.Singles.ShouldHaveSingleItem();
        read.Id.Serial.ToArray().ShouldBe([0x80, 1]);
        (read.Status, read.RevokedAt, read.Reason, read.ThisUpdate, read.NextUpdate)
            .ShouldBe((single.Status, single.RevokedAt, single.Reason, single.ThisUpdate, single.NextUpdate));
    }

    [Fact]
    public void Other_issuers_and_other_hashes_do_not_match()
    {
        using var lab = new Lab();
        var own = new OcspIssuer(lab.Authority.Issuing);
        var other = new OcspIssuer(lab.Authority.Root);
        own.Matches(own.CertId([1], sha256: false)).ShouldBeTrue();
        own.Matches(other.CertId([1], sha256: false)).ShouldBeFalse();
        own.Matches(own.CertId([1], sha256: true) with { HashOid = Oids.Sha512 }).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(32, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Nonces_are_read_up_to_128_octets(int length, bool allowed)
    {
        using var lab = new Lab();
        byte[] request = OcspRequest.Encode([new OcspIssuer(lab.Authority.Issuing).CertId([1], false)], new byte[length]);
        if (allowed)
        {
            OcspRequest.Decode(request).Nonce.Length.ShouldBe(length);
        }
        else
        {
            Should.Throw<RefusalException>(() => OcspRequest.Decode(request)).Code.ShouldBe(Refusal.Malformed);
        }
    }

    [Fact]
    public void Fifty_certificates_may_be_asked_about_and_no_more()
    {
        using var lab = new Lab();
        var ids = new OcspIssuer(lab.Authority.Issuing);
        OcspRequest.Decode(OcspRequest.Encode([.. Enumerable.Range(1, 50).Select(i => ids.CertId([(byte)i], false))])).Ids.Count.ShouldBe(50);
        Should.Throw<RefusalException>(() => OcspRequest.Decode(OcspRequest.Encode([.. Enumerable.Range(1, 51).Select(i => ids.CertId([(byte)i], false))])))
            .Code.ShouldBe(Refusal.RequestTooLarge);
        Should.Throw<RefusalException>(() => OcspRequest.Decode(OcspRequest.Encode([]))).Code.ShouldBe(Refusal.Malformed);
    }

    [Theory]
    [InlineData(OcspResponseStatus.MalformedRequest, "malformedrequest")]
    [InlineData(OcspResponseStatus.InternalError, "internalerror")]
    [InlineData(OcspResponseStatus.TryLater, "trylater")]
    [InlineData(OcspResponseStatus.SigRequired, "sigrequired")]
    [InlineData(OcspResponseStatus.Unauthorized, "unauthorized")]
    public void Openssl_names_every_error(OcspResponseStatus status, string name)
    {
        using var openssl = new OpenSsl();
        openssl.File("answer.der", OcspResponder.Error(status));
        openssl.Try("ocsp", "-respin", "answer.der", "-noverify").Output.ShouldContain(name);
        OcspResponse.Decode(OcspResponder.Error(status)).Status.ShouldBe(status);
    }

    [Fact]
    public void Another_key_than_the_signers_is_refused()
    {
        using var lab = new Lab();
        var single = new OcspSingle(new OcspIssuer(lab.Authority.Issuing).CertId([1], false), OcspCertStatus.Good, null, default, Now, null);
        Should.Throw<RefusalException>(() => lab.Responder.Answer([single], Now, default, lab.Authority.Key)).Code.ShouldBe(Refusal.KeyMismatch);
    }

    [Fact]
    public void Cut_and_bent_requests_are_refused_and_nothing_else_happens()
    {
        using var lab = new Lab();
        byte[] request = OcspRequest.Encode([new OcspIssuer(lab.Authority.Issuing).CertId([1, 2, 3], true)], new byte[16]);
        for (int i = 0; i < request.Length; i++)
        {
            Should.Throw<RefusalException>(() => OcspRequest.Decode(request.AsMemory(0, i)));
            byte[] bent = [.. request];
            bent[i] ^= 0x41;
            try
            {
                OcspRequest.Decode(bent);
            }
            catch (RefusalException)
            {
            }
        }
    }

    // openssl ocsp compares with the clock of the machine and has no option for another one
    private static DateTimeOffset RealNow => TimeProvider.System.GetUtcNow();

    private sealed class Lab : IDisposable
    {
        public Lab()
        {
            Key = new PlatformKey(TestAuthority.NewEcKey());
            var linted = Issuer.Prepare(BuiltInProfiles.OcspSigner, Authority.Facts, new(Key.PublicKey, DistinguishedName.Parse("CN=OCSP"), [], null), TestAuthority.NewSerial(), RealNow);
            Signer = Certificate.Decode(Issuer.Sign(linted, Authority.Key));
            Responder = new OcspResponder(Signer);
        }

        public TestAuthority Authority { get; } = new();

        public OpenSsl OpenSsl { get; } = new();

        public PlatformKey Key { get; }

        public Certificate Signer { get; }

        public OcspResponder Responder { get; }

        public void Dispose()
        {
            Authority.Dispose();
            OpenSsl.Dispose();
            Key.Dispose();
        }
    }
}
