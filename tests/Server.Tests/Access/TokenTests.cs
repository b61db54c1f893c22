using System.Net;
using System.Net.Http.Json;
using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Access;

public sealed class TokenTests
{
    [Fact]
    public async Task Says_who_a_token_is()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();

        var answer = await (await organisation.Client(Role.Auditor)).GetFromJsonAsync<ServerView>("/api/v1/server");

        answer!.Role.ShouldBe("Auditor");
        answer.Caller!.Kind.ShouldBe("token");
    }

    [Fact]
    public async Task Holds_a_limited_token_to_its_scopes()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        var limited = server.Client((await organisation.MakeToken(new CreateToken { Name = "ci", Scopes = ["sessions:read", "tokens:write"] })).Secret);

        (await limited.GetAsync("/api/v1/sessions")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await limited.DeleteAsync("/api/v1/sessions/x")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await limited.GetAsync("/api/v1/tokens")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await limited.GetAsync("/api/v1/administrators")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await limited.PostAsJsonAsync("/api/v1/tokens", new CreateToken { Name = "more" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Ends_a_token_with_its_time_when_revoked_and_with_its_maker(string database)
    {
        await using var server = await TestServer.Start(await Databases.Options(database));
        var organisation = await server.Initialise();
        var primary = await organisation.Client(Role.PrimaryAdministrator);
        var maker = await Made<AdministratorView>(await primary.PostAsJsonAsync(
            "/api/v1/administrators", new CreateAdministrator { Name = "olga", Role = "CaOfficer", Password = "first password 1" }));
        var actor = new Actor("administrator", maker.Id, maker.Name, null) { AdministratorId = maker.Id };
        var desk = server.Get<TokenDesk>();
        var short_ = server.Client((await desk.Create(actor, organisation.Id, Role.CaOfficer, new CreateToken { Name = "short", Days = 1 }, default)).Secret);
        var revoked = await desk.Create(actor, organisation.Id, Role.CaOfficer, new CreateToken { Name = "revoked" }, default);
        var demoted = server.Client((await desk.Create(actor, organisation.Id, Role.CaOfficer, new CreateToken { Name = "demoted" }, default)).Secret);
        var revokedClient = server.Client(revoked.Secret);
        foreach (var client in new[] { short_, revokedClient, demoted })
        {
            (await client.GetAsync("/api/v1/server")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await primary.DeleteAsync($"/api/v1/tokens/{revoked.Token.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await revokedClient.GetAsync("/api/v1/server")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        await Made<AdministratorView>(await primary.PatchAsJsonAsync($"/api/v1/administrators/{maker.Id}", new ChangeAdministrator { Role = "HelpDesk" }));
        (await demoted.GetAsync("/api/v1/server")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        await Made<AdministratorView>(await primary.PatchAsJsonAsync($"/api/v1/administrators/{maker.Id}", new ChangeAdministrator { Role = "CaOfficer" }));
        (await short_.GetAsync("/api/v1/server")).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromHours(25));
        (await short_.GetAsync("/api/v1/server")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cst_")]
    [InlineData("cst_x_y")]
    [InlineData("cst_00000000000000000000000000_AAAA")]
    [InlineData("something else")]
    public async Task Refuses_what_is_not_a_token(string token)
    {
        await using var server = await TestServer.Start();
        await server.Initialise();
        var client = server.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);

        var answer = await client.GetAsync("/api/v1/server");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("Bearer");
        (await answer.Content.ReadFromJsonAsync<Problem>())!.Code.ShouldBe("unauthenticated");
    }

    [Fact]
    public async Task Refuses_a_right_id_with_a_wrong_secret()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        var token = await organisation.Token(Role.Operator);
        (await server.Client(token).GetAsync("/api/v1/server")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await server.Client(token[..^2] + "xx").GetAsync("/api/v1/server")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Ignores_the_session_cookie_on_the_api_and_the_token_on_pages()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        var browser = new Browser(server);
        await browser.SignIn(organisation);

        (await browser.Get("/api/v1/sessions")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Checks_a_known_token_without_asking_the_database()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        var token = await organisation.Token(Role.Operator);
        var tokens = server.Get<Tokens>();
        (await tokens.Check(token, default)).ShouldNotBeNull();

        await server.Get<Database>().Write($"DELETE FROM tokens", default);
        (await tokens.Check(token, default)).ShouldNotBeNull();
        server.Clock.Advance(TimeSpan.FromSeconds(11));
        (await tokens.Check(token, default)).ShouldBeNull();
    }

    private static async Task<T> Made<T>(HttpResponseMessage answer)
    {
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<T>())!;
    }
}
