using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Est;
using Countersign.Server.Profiles;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Est;

public sealed class EnrolmentAccountsTests
{
    private static readonly Actor Officer = new("administrator", "a1", "Olga", "127.0.0.1");
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lets_in_with_the_right_password_only()
    {
        await using var server = await TestServer.Start();
        var organisation = (await server.Initialise()).Id;
        var accounts = server.Get<EnrolmentAccounts>();
        var made = await accounts.Create(Wanted("Phones"), organisation, Officer, Ct);

        (await accounts.Check("phones", made.Secret!, Ct))!.Id.ShouldBe(made.Account.Id);
        (await accounts.Check("phones", made.Secret + "x", Ct)).ShouldBeNull();
        (await accounts.Check("nobody", "nobody", Ct)).ShouldBeNull();
        (await accounts.List(organisation, Ct)).ShouldHaveSingleItem().LastUsedAt.ShouldNotBeNull();
        (await server.Get<Database>().ReadOne<string>($"SELECT password_hash FROM enrolment_accounts", Ct))!.ShouldNotContain(made.Secret!);
    }

    [Fact]
    public async Task Hashes_a_password_once_whether_or_not_there_is_such_an_account()
    {
        await using var server = await TestServer.Start();
        var organisation = (await server.Initialise()).Id;
        var hasher = new CountingHasher();
        var accounts = new EnrolmentAccounts(
            server.Get<Database>(), server.Get<ProfileBook>(), server.Get<AuditTrail>(), new Passwords(hasher), server.Clock, server.Get<RandomNumberGenerator>());
        await accounts.Create(Wanted("phones"), organisation, Officer, Ct);
        var gone = await accounts.Create(Wanted("gone"), organisation, Officer, Ct);
        await accounts.Disable(gone.Account.Id, organisation, Officer, Ct);

        foreach (var name in new[] { "phones", "gone", "nobody" })
        {
            hasher.Checked = 0;
            (await accounts.Check(name, "a wrong password", Ct)).ShouldBeNull();
            hasher.Checked.ShouldBe(1, name);
        }
    }

    [Fact]
    public async Task Is_refused_once_it_is_disabled()
    {
        await using var server = await TestServer.Start();
        var organisation = (await server.Initialise()).Id;
        var accounts = server.Get<EnrolmentAccounts>();
        var made = await accounts.Create(Wanted("phones"), organisation, Officer, Ct);

        await accounts.Disable(made.Account.Id, organisation, Officer, Ct);
        (await accounts.Check("phones", made.Secret!, Ct)).ShouldBeNull();
    }

    [Theory]
    [InlineData("with:colon", "long enough password", Refusal.BadName)]
    [InlineData("phones", "short", Refusal.WeakPassword)]
    public async Task Refuses_names_and_passwords_that_do_not_do(string name, string password, string code)
    {
        await using var server = await TestServer.Start();
        var organisation = (await server.Initialise()).Id;
        var wanted = Wanted(name) with { Password = password };
        (await Should.ThrowAsync<RefusalException>(() => server.Get<EnrolmentAccounts>().Create(wanted, organisation, Officer, Ct))).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Has_a_name_of_its_own()
    {
        await using var server = await TestServer.Start();
        var organisation = (await server.Initialise()).Id;
        var accounts = server.Get<EnrolmentAccounts>();
        await accounts.Create(Wanted("phones"), organisation, Officer, Ct);
        (await Should.ThrowAsync<RefusalException>(() => accounts.Create(Wanted("PHONES"), organisation, Officer, Ct))).Code.ShouldBe(Refusal.NameTaken);
    }

    private static CreateEnrolmentAccount Wanted(string name) => new() { Name = name, Profiles = ["tls-client"], AllowedNames = ["*.example.test"] };
}
