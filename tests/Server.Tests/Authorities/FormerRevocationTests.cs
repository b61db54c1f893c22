using System.Security.Cryptography;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Pki.Ocsp;
using Countersign.Pki.Tests;
using Countersign.Pki.X509;
using static Countersign.Server.Tests.Authorities.ImportTests;

namespace Countersign.Server.Tests.Authorities;

/// <summary>What an authority had revoked with openssl before it came here.</summary>
public sealed class FormerRevocationTests
{
    private static readonly byte[] Revoked = Convert.FromHexString("8f00000000000000aa");

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CA-A6")]
    public async Task Goes_on_saying_revoked_and_counts_on(string database)
    {
        await using var scene = await AuthorityScene.Start(database);
        var pem = External(scene.OpenSsl) + List(scene.OpenSsl, "sub", "41");

        var made = await scene.Officer.ImportAuthority(new ImportAuthority { Pem = pem }, default);

        var list = await AuthorityScene.Until(async () => await Published(scene, made.Authority.Id) is { } l && l.Number > 41 ? l : null);
        list.Number.ShouldBe(42);
        var entry = list.Find(Revoked).ShouldNotBeNull();
        entry.Reason.ShouldBe(RevocationReason.KeyCompromise);
        entry.RevokedAt.ShouldBe(new DateTimeOffset(2024, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var issuer = new OcspIssuer(Certificate.ReadBundle(Encoding.ASCII.GetBytes(made.Pem))[0]);
        var single = (await Ask(scene, issuer.CertId([0, .. Revoked], sha256: false))).Singles.ShouldHaveSingleItem();
        (single.Status, single.Reason, single.RevokedAt).ShouldBe((OcspCertStatus.Revoked, RevocationReason.KeyCompromise, entry.RevokedAt));
        (await Ask(scene, issuer.CertId([1, 2, 3], sha256: false))).Singles[0].Status.ShouldBe(OcspCertStatus.Unknown);

        // A revocation made here comes beside it.
        var leaf = await scene.Issue("pbx.example.test");
        await scene.Revoke(leaf.Id, "superseded");
        var next = await AuthorityScene.Until(async () => await Published(scene, made.Authority.Id) is { } l && l.Find(Convert.FromHexString(leaf.Serial)) is not null ? l : null);
        next.Find(Revoked).ShouldNotBeNull();
        next.Number.ShouldBe(43);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Keeps_what_an_imported_root_had_revoked_on_every_list_it_signs_later(string database)
    {
        await using var scene = await AuthorityScene.Start(database);
        var pem = SelfSigned(scene.OpenSsl, "root", "/CN=Own Root", "ec:P-256");
        var wanted = new ImportAuthority { Pem = pem, Crl = List(scene.OpenSsl, "root", "7"), RootPassphrase = AuthorityScene.Passphrase };

        var made = await scene.Officer.ImportAuthority(wanted, default);

        var first = await Published(scene, made.Authority.ParentId!);
        first.ShouldNotBeNull().Number.ShouldBe(8);
        first.Find(Revoked).ShouldNotBeNull();
        await scene.Officer.Rollover(made.Authority.Id, new RolloverAuthority { RootPassphrase = AuthorityScene.Passphrase }, default);
        var second = await AuthorityScene.Until(async () => await Published(scene, made.Authority.ParentId!) is { } l && l.Number > first.Number ? l : null);
        second.Find(Revoked).ShouldNotBeNull();
    }

    [Fact]
    public async Task Forgets_revocations_only_when_that_was_typed()
    {
        await using var scene = await AuthorityScene.Start();
        var pem = External(scene.OpenSsl);

        foreach (var typed in new[] { null, "", "yes" })
        {
            var refused = await Should.ThrowAsync<ProblemException>(() => scene.Officer.ImportAuthority(new ImportAuthority { Pem = pem, ForgetRevocations = typed }, default));
            refused.Code.ShouldBe(Refusal.CrlRequired);
            refused.Detail!.ShouldContain("External Issuing");
        }

        (await scene.Officer.Authorities(default)).ShouldBeEmpty();
        (await scene.Officer.ImportAuthority(new ImportAuthority { Pem = pem, ForgetRevocations = "forget" }, default)).Authority.State.ShouldBe(AuthorityState.Active);
    }

    [Fact]
    public async Task Takes_no_list_of_somebody_else_and_no_authority_that_is_revoked()
    {
        await using var scene = await AuthorityScene.Start();
        var pem = External(scene.OpenSsl);
        SelfSigned(scene.OpenSsl, "other", "/C=DE/ST=Bayern/L=Nürnberg/O=Sub Org/OU=Phones/CN=External Issuing", "ec:P-256");
        var ofRoot = List(scene.OpenSsl, "root", "1", Certificate.ReadBundle(scene.OpenSsl.Read("sub.pem"))[0].SerialHex);

        (await Refuse(pem, List(scene.OpenSsl, "other", "1"))).ShouldBe(Refusal.BadSignature);
        (await Refuse(pem, List(scene.OpenSsl, "sub", "1") + ofRoot)).ShouldBe(Refusal.AlreadyRevoked);

        async Task<string?> Refuse(string text, string crl) =>
            (await Should.ThrowAsync<ProblemException>(() => scene.Officer.ImportAuthority(new ImportAuthority { Pem = text, Crl = crl }, default))).Code;
    }

    [Theory, InlineData(true), InlineData(false), Trait("Scenario", "CA-A6")]
    public async Task Imports_root_and_subordinate_from_one_pkcs12_file_or_from_two(bool one)
    {
        await using var scene = await AuthorityScene.Start();
        External(scene.OpenSsl);
        var wanted = one
            ? new ImportAuthority { Pkcs12 = Convert.ToBase64String(Together(scene.OpenSsl)), Password = "secret" }
            : new ImportAuthority { Pkcs12 = Export(scene.OpenSsl, "sub", "secret"), Password = "secret", SecondPkcs12 = Export(scene.OpenSsl, "root", "other"), SecondPassword = "other" };

        var made = await scene.Officer.ImportAuthority(wanted with { ForgetRevocations = "forget", RootPassphrase = AuthorityScene.Passphrase }, default);

        made.Authority.Subject.CommonName.ShouldBe("External Issuing");
        made.Issuers.ShouldHaveSingleItem().Role.ShouldBe(AuthorityRole.Root);
        (await scene.Officer.Rollover(made.Authority.Id, new RolloverAuthority { RootPassphrase = AuthorityScene.Passphrase }, default)).Authority.Generation.ShouldBe(2);
    }

    // openssl writes no file with two keys, so the platform does.
    private static byte[] Together(OpenSsl openssl)
    {
        var all = new System.Security.Cryptography.X509Certificates.X509Certificate2Collection();
        foreach (var name in new[] { "sub", "root" })
        {
            all.Add(System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(Text(openssl, $"{name}.pem"), Text(openssl, $"{name}.key")));
        }

        return all.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12, "secret")!;
    }

    private static string Export(OpenSsl openssl, string name, string password)
    {
        openssl.Run("pkcs12", "-export", "-in", $"{name}.pem", "-inkey", $"{name}.key", "-out", $"{name}.p12", "-passout", $"pass:{password}");
        return Convert.ToBase64String(openssl.Read($"{name}.p12"));
    }

    /// <summary>A list made by openssl's own small CA with one revoked serial number, PEM.</summary>
    private static string List(OpenSsl openssl, string name, string number, string? serial = null)
    {
        openssl.File($"{name}.index", Encoding.ASCII.GetBytes($"R\t491231235959Z\t240301120000Z,keyCompromise\t{(serial ?? Convert.ToHexString(Revoked)).ToUpperInvariant()}\tunknown\t/CN=lost\n"));
        openssl.File($"{name}.number", Encoding.ASCII.GetBytes((long.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToString("X2", System.Globalization.CultureInfo.InvariantCulture) + "\n"));
        openssl.File($"{name}.ca", Encoding.ASCII.GetBytes(
            $"[ca]\ndefault_ca=d\n[d]\ndatabase={openssl.Folder}/{name}.index\ncrlnumber={openssl.Folder}/{name}.number\ndefault_md=sha256\ndefault_crl_days=7\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid:always\n"));
        openssl.Run("ca", "-gencrl", "-config", $"{name}.ca", "-cert", $"{name}.pem", "-keyfile", $"{name}.key", "-out", $"{name}.former.crl");
        return Text(openssl, $"{name}.former.crl");
    }

    private static async Task<CrlReader?> Published(AuthorityScene scene, string id) =>
        await scene.Server.PublicClient().GetAsync($"/crl/{id}.crl") is { IsSuccessStatusCode: true } answer ? CrlReader.Decode(await answer.Content.ReadAsByteArrayAsync()) : null;

    private static async Task<OcspResponse> Ask(AuthorityScene scene, OcspCertId id)
    {
        using var content = new ByteArrayContent(OcspRequest.Encode([id]));
        content.Headers.ContentType = new("application/ocsp-request");
        using var answer = await scene.Server.PublicClient().PostAsync("/ocsp", content);
        return OcspResponse.Decode(await answer.Content.ReadAsByteArrayAsync());
    }
}
