using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Est;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Est;

public sealed class EnrolmentCodesTests
{
    private static readonly Actor Officer = new("administrator", "a1", "Olga", "127.0.0.1");
    private static readonly byte[] OneCsr = SHA256.HashData("one"u8);
    private static readonly byte[] OtherCsr = SHA256.HashData("other"u8);
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_found_however_it_is_typed_and_its_list_never_shows_it()
    {
        await using var server = await TestServer.Start();
        var organisation = (await server.Initialise()).Id;
        var codes = server.Get<EnrolmentCodes>();
        var made = await Make(codes, organisation);

        (await codes.Find(made.Secret.ToUpperInvariant().Replace('-', ' '), Ct))!.Id.ShouldBe(made.Code.Id);
        (await codes.Find("aaaaa-aaaaa-aaaaa-aaaaa", Ct)).ShouldBeNull();
        var listed = (await codes.List(organisation, 10, null, Ct)).Items.ShouldHaveSingleItem();
        listed.ToString().ShouldNotContain(made.Secret);
        (await server.Get<Database>().ReadOne<string>($"SELECT secret_sha256 FROM enrolment_codes", Ct))!.ShouldNotContain(Secrets.Normalise(made.Secret));
    }

    [Fact]
    public async Task Serves_one_request_and_goes_on_serving_that_one()
    {
        await using var server = await TestServer.Start();
        var organisation = (await server.Initialise()).Id;
        var codes = server.Get<EnrolmentCodes>();
        var code = (await codes.Find((await Make(codes, organisation)).Secret, Ct))!;

        await codes.Claim(code, OneCsr, Ct);
        await codes.Claim(code, OneCsr, Ct);
        (await Should.ThrowAsync<RefusalException>(() => codes.Claim(code, OtherCsr, Ct))).Code.ShouldBe(Refusal.Unauthenticated);
    }

    [Fact]
    public async Task Of_many_parallel_uses_exactly_one_wins()
    {
        await using var server = await TestServer.Start();
        var organisation = (await server.Initialise()).Id;
        var codes = server.Get<EnrolmentCodes>();
        var code = (await codes.Find((await Make(codes, organisation)).Secret, Ct))!;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            try
            {
                await codes.Claim(code, SHA256.HashData([(byte)i]), Ct);
                return true;
            }
            catch (RefusalException)
            {
                return false;
            }
        }));
        outcomes.Count(won => won).ShouldBe(1);
    }

    [Fact]
    public async Task Comes_back_when_its_request_was_refused()
    {
        await using var server = await TestServer.Start();
        var organisation = (await server.Initialise()).Id;
        var codes = server.Get<EnrolmentCodes>();
        var code = (await codes.Find((await Make(codes, organisation)).Secret, Ct))!;

        await codes.Claim(code, OneCsr, Ct);
        await codes.Release(code, OneCsr, Ct);
        await codes.Claim(code, OtherCsr, Ct);
        await codes.Used(code, "r1", Ct);
        await codes.Release(code, OtherCsr, Ct); // too late: its request was stored
        await Should.ThrowAsync<RefusalException>(() => codes.Claim(code, OneCsr, Ct));
    }

    [Fact]
    public async Task Ends_with_its_time_and_when_revoked()
    {
        await using var server = await TestServer.Start();
        var organisation = (await server.Initialise()).Id;
        var codes = server.Get<EnrolmentCodes>();
        var first = await Make(codes, organisation);
        var second = await Make(codes, organisation);

        await codes.Revoke(first.Code.Id, organisation, Officer, Ct);
        (await codes.Find(first.Secret, Ct)).ShouldBeNull();
        (await Should.ThrowAsync<RefusalException>(() => codes.Revoke(first.Code.Id, organisation, Officer, Ct))).Code.ShouldBe(Refusal.NotFound);
        var held = (await codes.Find(second.Secret, Ct))!;
        server.Clock.Advance(TimeSpan.FromHours(73));
        (await codes.Find(second.Secret, Ct)).ShouldBeNull();
        await Should.ThrowAsync<RefusalException>(() => codes.Claim(held, OneCsr, Ct));
    }

    [Fact]
    public async Task Does_not_approve_by_rule_without_saying_for_which_names()
    {
        await using var server = await TestServer.Start();
        var organisation = (await server.Initialise()).Id;
        var wanted = new CreateEnrolmentCode { Profile = "tls-server", ApprovesByRule = true };
        (await Should.ThrowAsync<RefusalException>(() => server.Get<EnrolmentCodes>().Create(wanted, organisation, Officer, Ct))).Code.ShouldBe(Refusal.Malformed);
    }

    private static Task<CreatedEnrolmentCode> Make(EnrolmentCodes codes, string organisation) =>
        codes.Create(new CreateEnrolmentCode { Profile = "tls-server", AllowedNames = ["pbx.example.test"] }, organisation, Officer, Ct);
}
