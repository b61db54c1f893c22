using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki.Ocsp;
using Countersign.Pki.X509;
using Countersign.Server.Tests.Authorities;

namespace Countersign.Server.Tests.Ocsp;

public sealed class OcspTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "REV-A1")]
    public async Task Answers_openssl_and_tells_a_revocation_within_moments(string database)
    {
        await using var scene = await Scene(database);
        var leaf = await Leaf(scene);
        Ask(scene).ShouldContain("leaf.pem: good");
        Ask(scene, "-sha256").ShouldContain("leaf.pem: good");
        Ask(scene, "-no_nonce").ShouldContain("leaf.pem: good");
        Ask(scene, "-no_nonce", "-sha256").ShouldContain("leaf.pem: good");

        await scene.Revoke(leaf.Id, "keyCompromise");

        foreach (var options in new string[][] { [], ["-no_nonce"], ["-no_nonce", "-sha256"] })
        {
            var text = await AuthorityScene.Until(() => Task.FromResult(Ask(scene, options) is { } t && t.Contains("leaf.pem: revoked") ? t : null));
            text.ShouldContain("Reason: keyCompromise");
            text.ShouldContain("Response verify OK");
        }
    }

    [Fact]
    public async Task Answers_GET_with_headers_for_caches()
    {
        await using var scene = await Scene();
        var leaf = await Leaf(scene);
        var der = OcspRequest.Encode([await Id(scene, Convert.FromHexString(leaf.Serial))]);
        var base64 = Convert.ToBase64String(der);

        foreach (var path in new[] { base64, Uri.EscapeDataString(base64), base64.Replace("/", "%2f", StringComparison.Ordinal) })
        {
            var answer = await scene.Server.PublicClient().GetAsync(new Uri(scene.Server.PublicUri + "ocsp/" + path));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/ocsp-response");
            var response = OcspResponse.Decode(await answer.Content.ReadAsByteArrayAsync());
            var single = response.Singles.ShouldHaveSingleItem();
            single.Status.ShouldBe(OcspCertStatus.Good);
            response.Nonce.IsEmpty.ShouldBeTrue();
            answer.Content.Headers.LastModified.ShouldBe(single.ThisUpdate);
            answer.Content.Headers.Expires.ShouldBe(single.NextUpdate);
            answer.Headers.CacheControl!.MaxAge!.Value.ShouldBeInRange(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(60));
            answer.Headers.CacheControl.MustRevalidate.ShouldBeTrue();

            using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(scene.Server.PublicUri + "ocsp/" + path));
            again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
            (await scene.Server.PublicClient().SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        }
    }

    [Fact]
    public async Task Gives_a_nonce_back_and_signs_with_a_delegate_that_needs_no_check()
    {
        await using var scene = await Scene();
        var leaf = await Leaf(scene);
        var nonce = Enumerable.Range(1, 32).Select(i => (byte)i).ToArray();

        var response = OcspResponse.Decode(await Post(scene, OcspRequest.Encode([await Id(scene, Convert.FromHexString(leaf.Serial))], nonce)));

        response.Nonce.ToArray().ShouldBe(nonce);
        var signer = response.Certificates.ShouldHaveSingleItem();
        signer.ExtendedKeyUsages.ShouldBe([Oids.OcspSigning]);
        signer.FindExtension(Oids.OcspNoCheck).ShouldNotBeNull();
        response.VerifySignature(signer.Key).ShouldBeTrue();
        (signer.NotAfter - signer.NotBefore).TotalDays.ShouldBeInRange(29, 31);
    }

    [Fact]
    public async Task Knows_what_it_does_not_know()
    {
        await using var scene = await Scene();
        var leaf = await Leaf(scene);

        var never = OcspResponse.Decode(await Post(scene, OcspRequest.Encode([await Id(scene, [1, 2, 3, 4, 5, 6, 7, 8, 9])])));
        never.Singles.ShouldHaveSingleItem().Status.ShouldBe(OcspCertStatus.Unknown);

        var other = new OcspIssuer(Certificate.ReadBundle(Encoding.ASCII.GetBytes(leaf.Pem))[0]);
        OcspResponse.Decode(await Post(scene, OcspRequest.Encode([other.CertId([1, 2, 3], sha256: false)]))).Status.ShouldBe(OcspResponseStatus.Unauthorized);

        var both = OcspResponse.Decode(await Post(scene, OcspRequest.Encode([await Id(scene, Convert.FromHexString(leaf.Serial)), await Id(scene, [1, 2, 3])])));
        both.Singles.Select(s => s.Status).ShouldBe([OcspCertStatus.Good, OcspCertStatus.Unknown]);
    }

    [Fact]
    public async Task Answers_garbage_with_malformedRequest_and_goes_on()
    {
        await using var scene = await Scene();
        var leaf = await Leaf(scene);
        var random = RandomNumberGenerator.Create();
        var garbage = new List<byte[]> { Array.Empty<byte>(), new byte[] { 0x30 }, new byte[] { 0x30, 0x80, 0, 0 }, Encoding.ASCII.GetBytes("hello"), new byte[100_000] };
        for (var i = 0; i < 50; i++)
        {
            var bytes = new byte[i + 1];
            random.GetBytes(bytes);
            garbage.Add(bytes);
        }

        foreach (var bytes in garbage)
        {
            OcspResponse.Decode(await Post(scene, bytes)).Status.ShouldBe(OcspResponseStatus.MalformedRequest);
        }

        foreach (var path in new[] { "ocsp/!!!!", "ocsp/AAAA", "ocsp/" + new string('A', 4000), "ocsp/%00" })
        {
            var answer = await scene.Server.PublicClient().GetAsync(new Uri(scene.Server.PublicUri + path));
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                OcspResponse.Decode(await answer.Content.ReadAsByteArrayAsync()).Status.ShouldBe(OcspResponseStatus.MalformedRequest);
            }
            else
            {
                answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            }
        }

        (await scene.Server.PublicClient().GetAsync("/ocsp")).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        OcspResponse.Decode(await Post(scene, OcspRequest.Encode([await Id(scene, Convert.FromHexString(leaf.Serial))]))).Status.ShouldBe(OcspResponseStatus.Successful);
    }

    [Fact]
    public async Task Renews_its_signer_by_itself()
    {
        await using var scene = await Scene();
        var leaf = await Leaf(scene);
        var question = OcspRequest.Encode([await Id(scene, Convert.FromHexString(leaf.Serial))]);
        var first = OcspResponse.Decode(await Post(scene, question)).Certificates[0].SerialHex;

        scene.Server.Clock.Advance(TimeSpan.FromDays(21));
        var second = await AuthorityScene.Until(async () =>
        {
            // What was signed with the former signer in the meantime is kept for half an hour.
            scene.Server.Clock.Advance(TimeSpan.FromMinutes(31));
            return OcspResponse.Decode(await Post(scene, question)).Certificates[0] is { } c && c.SerialHex != first ? c : null;
        });
        scene.Server.Clock.Advance(TimeSpan.FromDays(40));
        var third = OcspResponse.Decode(await Post(scene, question)).Certificates[0];

        third.SerialHex.ShouldNotBe(second.SerialHex);
        third.NotAfter.ShouldBeGreaterThan(scene.Server.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Learns_of_a_revocation_by_another_server_on_the_same_database()
    {
        var options = await Databases.Options(Databases.PostgreSql);
        await using var first = await TestServer.Start(options);
        await using var second = await first.StartBeside(options);
        var organisation = await first.Initialise();
        var officer = AuthorityScene.Client(first, await organisation.Client(Countersign.Server.Access.Role.CaOfficer));
        var authority = await officer.CreateAuthority(new CreateAuthority { RootPassphrase = AuthorityScene.Passphrase }, default);
        using var csr = TestCsr.New("pbx.example.test", "pbx.example.test");
        var submitted = await officer.Submit(new SubmitRequest { Csr = csr.Pem }, default);
        var request = await officer.Approve(submitted.Request.Id, new ApproveRequest { IdentityCheck = "seen" }, default);
        var leaf = await officer.Certificate(request.CertificateId!, default);
        var issuer = new OcspIssuer(Certificate.ReadBundle(Encoding.ASCII.GetBytes(authority.Pem))[0]);
        var question = OcspRequest.Encode([issuer.CertId(Convert.FromHexString(leaf.Serial), sha256: true)]);

        await AuthorityScene.Until(async () => await Status(second) == OcspCertStatus.Good ? "good" : null);
        await officer.Revoke(leaf.Id, new RevokeRequest { Reason = "keyCompromise", Confirm = true }, default);
        await AuthorityScene.Until(async () => await Status(second) == OcspCertStatus.Revoked ? "revoked" : null);
        await AuthorityScene.Until(async () =>
            Pki.Crl.CrlReader.Decode(await second.PublicClient().GetByteArrayAsync($"/crl/{authority.Authority.Id}.crl")).Find(Convert.FromHexString(leaf.Serial)));

        async Task<OcspCertStatus?> Status(TestServer server) => OcspResponse.Decode(await Post(server, question)).Singles is [var single] ? single.Status : null;
    }

    private static async Task<AuthorityScene> Scene(string database = Databases.Sqlite)
    {
        var scene = await AuthorityScene.WithAuthority(database);
        await scene.Fetch(await scene.Active());
        return scene;
    }

    private static async Task<CertificateDetails> Leaf(AuthorityScene scene)
    {
        var leaf = await scene.Issue("pbx.example.test");
        scene.OpenSsl.File("leaf.pem", Encoding.ASCII.GetBytes(leaf.Pem));
        return leaf;
    }

    private static string Ask(AuthorityScene scene, params string[] options) => scene.OpenSsl.Run(
        ["ocsp", "-issuer", "issuing.pem", .. options, "-cert", "leaf.pem", "-url", new Uri(scene.Server.PublicUri, "/ocsp").ToString(), "-CAfile", "root.pem"]);

    private static async Task<OcspCertId> Id(AuthorityScene scene, byte[] serial) =>
        new OcspIssuer(Certificate.ReadBundle(Encoding.ASCII.GetBytes((await scene.Active()).Pem))[0]).CertId(serial, sha256: false);

    private static Task<byte[]> Post(AuthorityScene scene, byte[] der) => Post(scene.Server, der);

    private static async Task<byte[]> Post(TestServer server, byte[] der)
    {
        using var content = new ByteArrayContent(der);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/ocsp-request");
        using var answer = await server.PublicClient().PostAsync("/ocsp", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
