using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki.Ocsp;
using Countersign.Pki.X509;
using Countersign.Server.Ocsp;
using Countersign.Server.Storage;
using Countersign.Server.Tests.Authorities;

namespace Countersign.Server.Tests.Ocsp;

/// <summary>The responder when something is in its way: a signer that cannot be renewed, one address asking for too much, many at once.</summary>
public sealed class OcspEnduranceTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Uses_a_signer_to_its_end_when_there_can_be_no_new_one(string database)
    {
        await using var scene = await AuthorityScene.WithAuthority(database);
        var question = await Question(scene);
        var first = (await Ask(scene, question)).Certificates[0];
        await scene.Server.Get<Database>().Write(NoMoreSigners(database), default);

        foreach (var days in new[] { 21, 8 })
        {
            scene.Server.Clock.Advance(TimeSpan.FromDays(days));
            var answer = await Ask(scene, question);
            answer.Status.ShouldBe(OcspResponseStatus.Successful);
            answer.Certificates[0].SerialHex.ShouldBe(first.SerialHex);
        }

        await scene.Server.Get<Database>().Write(SignersAgain(database), default);
        await AuthorityScene.Until(async () =>
        {
            scene.Server.Clock.Advance(TimeSpan.FromMinutes(10));
            return await Ask(scene, question) is { Certificates: [var signer, ..] } && signer.SerialHex != first.SerialHex ? "renewed" : null;
        });
    }

    [Fact]
    public async Task Signs_only_so_much_for_one_address_and_answers_from_memory_as_before()
    {
        await using var scene = await AuthorityScene.WithAuthority(Databases.Sqlite, null, "--limits:publicPerSecond", "5");
        var id = await Id(scene);
        var plain = OcspRequest.Encode([id]);
        (await Ask(scene, plain)).Status.ShouldBe(OcspResponseStatus.Successful);

        var fresh = new List<OcspResponseStatus>();
        for (var i = 0; i < 60; i++)
        {
            fresh.Add((await Ask(scene, OcspRequest.Encode([id], Nonce(i)))).Status);
            (await Ask(scene, plain)).Status.ShouldBe(OcspResponseStatus.Successful);
        }

        fresh.ShouldContain(OcspResponseStatus.Successful);
        fresh.ShouldContain(OcspResponseStatus.TryLater);
        fresh.ShouldBeSubsetOf([OcspResponseStatus.Successful, OcspResponseStatus.TryLater]);
    }

    [Fact]
    public async Task Says_how_long_an_answer_may_be_kept_although_others_are_asked_for_at_the_same_moment()
    {
        await using var scene = await AuthorityScene.WithAuthority();
        var early = Path(await Question(scene));
        await scene.Server.PublicClient().GetAsync(early);
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(7));
        var late = Path(await Question(scene, "late.example.test"));
        await scene.Server.PublicClient().GetAsync(late);

        var wrong = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (i, ct) =>
        {
            using var client = new HttpClient { BaseAddress = scene.Server.PublicUri };
            for (var j = 0; j < 300; j++)
            {
                using var answer = await client.GetAsync((i + j) % 2 == 0 ? early : late, ct);
                var left = answer.Content.Headers.Expires!.Value - scene.Server.Clock.GetUtcNow();
                if (Math.Abs((left - answer.Headers.CacheControl!.MaxAge!.Value).TotalSeconds) > 30)
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        });
        wrong.ShouldBe(0);
    }

    [Fact]
    public void Forgets_for_good_what_is_read_while_everything_is_forgotten()
    {
        var memory = new TwoGenerations<Meddling, string>(half: 1);
        memory.Keep(new Meddling(1), "stale");
        memory.Keep(new Meddling(2), "pushes the first into the old half");

        // The revocation comes just when the old half is being read.
        memory.Find(new Meddling(1) { OnCompare = memory.Clear });

        memory.Find(new Meddling(1)).ShouldBeNull();
    }

    private static Sql NoMoreSigners(string database) => database == Databases.Sqlite
        ? Sql.Raw("CREATE TRIGGER no_more BEFORE INSERT ON ocsp_signers BEGIN SELECT RAISE(ABORT, 'no more'); END")
        : Sql.Raw("ALTER TABLE ocsp_signers ADD CONSTRAINT no_more CHECK (false) NOT VALID");

    private static Sql SignersAgain(string database) =>
        Sql.Raw(database == Databases.Sqlite ? "DROP TRIGGER no_more" : "ALTER TABLE ocsp_signers DROP CONSTRAINT no_more");

    private static byte[] Nonce(int number) => Encoding.ASCII.GetBytes(number.ToString("D16", CultureInfo.InvariantCulture));

    private static Uri Path(byte[] question) => new("/ocsp/" + Uri.EscapeDataString(Convert.ToBase64String(question)), UriKind.Relative);

    private static async Task<byte[]> Question(AuthorityScene scene, string name = "pbx.example.test") => OcspRequest.Encode([await Id(scene, name)]);

    private static async Task<OcspCertId> Id(AuthorityScene scene, string name = "pbx.example.test") =>
        new OcspIssuer(Certificate.ReadBundle(Encoding.ASCII.GetBytes((await scene.Active()).Pem))[0]).CertId(Convert.FromHexString((await scene.Issue(name)).Serial), sha256: false);

    private static async Task<OcspResponse> Ask(AuthorityScene scene, byte[] der)
    {
        using var content = new ByteArrayContent(der);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/ocsp-request");
        using var answer = await scene.Server.PublicClient().PostAsync(new Uri("/ocsp", UriKind.Relative), content);
        return OcspResponse.Decode(await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>A key that does something while it is compared with another.</summary>
    private sealed record Meddling(int Number)
    {
        internal Action? OnCompare { get; init; }

        public bool Equals(Meddling? other)
        {
            OnCompare?.Invoke();
            other?.OnCompare?.Invoke();
            return other?.Number == Number;
        }

        public override int GetHashCode() => Number;
    }
}
