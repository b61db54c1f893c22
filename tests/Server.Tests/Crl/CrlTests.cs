using System.Globalization;
using System.Net;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki.Crl;
using Countersign.Pki.X509;
using Countersign.Server.Authorities;
using Countersign.Server.Tests.Authorities;

namespace Countersign.Server.Tests.Crl;

public sealed class CrlTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "REV-A1")]
    public async Task Lists_a_revocation_with_its_reason_within_moments(string database)
    {
        await using var scene = await AuthorityScene.WithAuthority(database);
        var (good, bad) = (await scene.Issue("good.example.test"), await scene.Issue("bad.example.test"));
        var authority = await scene.Fetch(await scene.Active());
        scene.OpenSsl.File("good.pem", Encoding.ASCII.GetBytes(good.Pem));
        scene.OpenSsl.File("bad.pem", Encoding.ASCII.GetBytes(bad.Pem));
        Verify("bad.pem").ShouldContain("OK");
        var before = await List(scene, authority.Authority.Id);

        await scene.Revoke(bad.Id, "keyCompromise");

        var after = await AuthorityScene.Until(async () => await List(scene, authority.Authority.Id) is { } list && list.Number > before.Number ? list : null);
        var entry = after.Find(Convert.FromHexString(bad.Serial)).ShouldNotBeNull();
        entry.Reason.ShouldBe(RevocationReason.KeyCompromise);
        await scene.Fetch(authority);
        Verify("bad.pem").ShouldContain("certificate revoked");
        Verify("good.pem").ShouldContain("OK");
        scene.OpenSsl.Run("crl", "-in", "issuing.crl", "-noout", "-text", "-verify", "-CAfile", "issuing.pem").ShouldContain("Key Compromise");

        string Verify(string file) =>
            scene.OpenSsl.Try("verify", "-x509_strict", "-crl_check_all", "-CRLfile", "all.crl", "-CAfile", "root.pem", "-untrusted", "issuing.pem", file).Output;
    }

    [Fact]
    public async Task Lets_caches_keep_a_list_for_a_minute_and_says_when_nothing_changed()
    {
        await using var scene = await AuthorityScene.WithAuthority();
        var authority = await scene.Active();
        await scene.FetchList("issuing", authority.Authority.Id);
        var path = $"/crl/{authority.Authority.Id}.crl";
        authority.CrlUrl.ShouldBe(new Uri(scene.Server.PublicUri, path).ToString());

        var answer = await scene.Server.PublicClient().GetAsync(path);
        var list = CrlReader.Decode(await answer.Content.ReadAsByteArrayAsync());

        list.DistributionPoint.ShouldBe(authority.CrlUrl);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/pkix-crl");
        answer.Headers.ETag.ShouldNotBeNull();
        answer.Headers.CacheControl!.MaxAge!.Value.ShouldBe(TimeSpan.FromMinutes(1));
        answer.Headers.CacheControl.MustRevalidate.ShouldBeTrue();
        answer.Content.Headers.LastModified.ShouldBe(list.ThisUpdate);
        answer.Content.Headers.Expires.ShouldBeNull();

        (await Ask(r => r.Headers.IfNoneMatch.Add(answer.Headers.ETag!))).ShouldBe(HttpStatusCode.NotModified);
        (await Ask(r => r.Headers.IfModifiedSince = list.ThisUpdate)).ShouldBe(HttpStatusCode.NotModified);
        (await Ask(r => r.Headers.IfModifiedSince = list.ThisUpdate.AddSeconds(-1))).ShouldBe(HttpStatusCode.OK);
        (await Ask(r => r.Method = HttpMethod.Head)).ShouldBe(HttpStatusCode.OK);
        (await scene.Server.PublicClient().GetAsync("/crl/nothing.crl")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        async Task<HttpStatusCode> Ask(Action<HttpRequestMessage> with)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            with(request);
            return (await scene.Server.PublicClient().SendAsync(request)).StatusCode;
        }
    }

    [Fact]
    public async Task Publishes_a_new_list_at_half_of_its_life_and_never_goes_back()
    {
        await using var scene = await AuthorityScene.WithAuthority();
        var id = (await scene.Active()).Authority.Id;
        var first = await AuthorityScene.Until(() => TryList(scene, id));

        scene.Server.Clock.Advance(TimeSpan.FromHours(13));
        var second = await AuthorityScene.Until(async () => await List(scene, id) is { } list && list.Number > first.Number ? list : null);
        second.ThisUpdate.ShouldBeGreaterThan(first.ThisUpdate.AddHours(12));

        // The clock is set back a day; a revocation makes a new list all the same.
        var leaf = await scene.Issue("late.example.test");
        scene.Server.Clock.Advance(TimeSpan.FromHours(-12));
        await scene.Revoke(leaf.Id, "superseded");
        var third = await AuthorityScene.Until(async () => await List(scene, id) is { } list && list.Find(Convert.FromHexString(leaf.Serial)) is not null ? list : null);
        third.Number!.Value.ShouldBeGreaterThan(second.Number!.Value);
        third.ThisUpdate.ShouldBeGreaterThanOrEqualTo(second.ThisUpdate);
    }

    [Fact]
    public async Task Brings_out_the_lists_of_a_closed_root_month_by_month()
    {
        await using var scene = await AuthorityScene.WithAuthority();
        var root = (await scene.Active()).Authority.ParentId!;
        var first = await List(scene, root);

        for (var month = 1; month <= 3; month++)
        {
            scene.Server.Clock.Advance(TimeSpan.FromDays(31));
            var now = scene.Server.Clock.GetUtcNow();
            var list = await AuthorityScene.Until(async () => await List(scene, root) is { } next && next.Number == first.Number + month ? next : null);
            list.ThisUpdate.ShouldBeLessThanOrEqualTo(now);
            list.NextUpdate!.Value.ShouldBeGreaterThan(now.AddDays(20));
            list.VerifySignature((await scene.Server.Get<AuthorityDirectory>().ById(root, default))!.Certificate.Key).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Gives_out_certificates_of_authorities_where_certificates_say()
    {
        await using var scene = await AuthorityScene.WithAuthority();
        var authority = await scene.Active();

        var answer = await scene.Server.PublicClient().GetAsync(new Uri(authority.IssuerUrl!));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/pkix-cert");
        Certificate.Decode(await answer.Content.ReadAsByteArrayAsync()).Sha256.ShouldBe(authority.Authority.Sha256);
        var chain = await scene.Server.PublicClient().GetByteArrayAsync($"/ca/{authority.Authority.Id}.p7c");
        Certificate.ReadBundle(chain).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Says_whether_the_base_address_leads_here()
    {
        await using var good = await AuthorityScene.WithAuthority();
        await using var bad = await AuthorityScene.WithAuthority(Databases.Sqlite, null, "--base-address", "http://127.0.0.1:1");

        var reached = await AuthorityScene.Until(async () => await good.Officer.Publication(default) is { Reachable: not null } view ? view : null);
        reached.Reachable.ShouldBe(true);
        reached.Warnings.ShouldBeEmpty();
        var missed = await AuthorityScene.Until(async () => await bad.Officer.Publication(default) is { Reachable: not null } view ? view : null);
        missed.Reachable.ShouldBe(false);
        missed.Warnings.ShouldHaveSingleItem().ShouldContain("http://127.0.0.1:1");
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "REV-A3")]
    public async Task Never_uses_a_serial_number_twice_over_two_generations(string database)
    {
        await using var scene = await AuthorityScene.WithAuthority(database, args: ["--limits:identityPerSecond", "100000"]);
        var first = (await scene.Active()).Authority.Id;
        var serials = new List<string>();
        for (var i = 0; i < 1000; i++)
        {
            if (i == 500)
            {
                await scene.Officer.Rollover(first, new RolloverAuthority { RootPassphrase = AuthorityScene.Passphrase }, default);
            }

            var made = await scene.Issue($"n{i}.example.test");
            serials.Add(made.Serial);
            if (i % 5 == 0)
            {
                await scene.Revoke(made.Id, "superseded");
            }
        }

        serials.Distinct().Count().ShouldBe(1000);
        foreach (var serial in serials.Select(Convert.FromHexString))
        {
            serial.Length.ShouldBeInRange(8, 20);
            serial[0].ShouldBeInRange((byte)1, (byte)0x7f);
        }
    }

    private static async Task<CrlReader> List(AuthorityScene scene, string id) =>
        CrlReader.Decode(await scene.Server.PublicClient().GetByteArrayAsync(string.Create(CultureInfo.InvariantCulture, $"/crl/{id}.crl")));

    private static async Task<CrlReader?> TryList(AuthorityScene scene, string id) =>
        await scene.Server.PublicClient().GetAsync($"/crl/{id}.crl") is { IsSuccessStatusCode: true } answer ? CrlReader.Decode(await answer.Content.ReadAsByteArrayAsync()) : null;
}
