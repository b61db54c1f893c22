using System.Net;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Storage;
using static Countersign.Server.Tests.TestOrganisation;

namespace Countersign.Server.Tests.Access;

public sealed class SignInTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Lets_an_administrator_in_with_password_and_code(string database)
    {
        await using var server = await TestServer.Start(await Databases.Options(database));
        var organisation = await server.Initialise();
        var browser = new Browser(server);

        var last = await browser.SignIn(organisation);

        last.Headers.Location!.ToString().ShouldBe("/");
        var cookie = last.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("__Host-");
        cookie.ShouldContain("secure");
        cookie.ShouldContain("httponly");
        (await server.Get<Sessions>().List(organisation.Id, null, default)).Single().AdministratorName.ShouldBe(AdministratorName);
    }

    [Fact]
    public async Task Gives_nothing_for_the_password_alone()
    {
        await using var server = await TestServer.Start();
        await server.Initialise();
        var browser = new Browser(server);

        await browser.Post("/signin/password", ("name", AdministratorName), ("password", Password));

        (await browser.Get("/requests", "application/json")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Get<Sessions>().List((await server.Get<FirstRun>().Organisation(default))!, null, default)).ShouldBeEmpty();
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Locks_an_account_for_15_minutes_after_five_wrong_passwords(string database)
    {
        await using var server = await TestServer.Start(await Databases.Options(database));
        var organisation = await server.Initialise();
        var browser = new Browser(server);

        for (var i = 0; i < 5; i++)
        {
            Refused(await browser.Post("/signin/password", ("name", AdministratorName), ("password", "wrong"))).ShouldBe(Refusal.SignInFailed);
        }

        Refused(await browser.Post("/signin/password", ("name", AdministratorName), ("password", Password))).ShouldBe(Refusal.LockedOut);
        server.Clock.Advance(TimeSpan.FromMinutes(16));
        (await browser.SignIn(organisation)).Headers.Location!.ToString().ShouldBe("/");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Gives_no_more_than_five_tries_to_many_at_the_same_time(string database)
    {
        await using var server = await TestServer.Start([.. await Databases.Options(database), "--limits:signInPerMinute", "1000"]);
        await server.Initialise();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
            Refused(await new Browser(server).Post("/signin/password", ("name", AdministratorName), ("password", "wrong")))));

        answers.Count(a => a == Refusal.SignInFailed).ShouldBe(5);
        answers.Count(a => a == Refusal.LockedOut).ShouldBe(7);
    }

    [Fact]
    public async Task Counts_wrong_codes_although_the_password_was_right_each_time()
    {
        await using var server = await TestServer.Start("--limits:signInPerMinute", "1000");
        await server.Initialise();
        var refusals = new List<string?>();
        for (var i = 0; i < 6; i++)
        {
            var browser = new Browser(server);
            var password = await browser.Post("/signin/password", ("name", AdministratorName), ("password", Password));
            refusals.Add(Refused(password) ?? Refused(await browser.Post("/signin/totp", ("code", "000000"))));
        }

        refusals.ShouldBe([.. Enumerable.Repeat(Refusal.BadCode, 5), Refusal.LockedOut]);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Takes_a_code_once(string database)
    {
        await using var server = await TestServer.Start(await Databases.Options(database));
        var organisation = await server.Initialise();
        await new Browser(server).SignIn(organisation);

        Refused(await new Browser(server).SignIn(organisation)).ShouldBe(Refusal.BadCode);
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        Refused(await new Browser(server).SignIn(organisation)).ShouldBeNull();
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Takes_a_recovery_code_once(string database)
    {
        await using var server = await TestServer.Start(await Databases.Options(database));
        var organisation = await server.Initialise();
        var code = organisation.RecoveryCodes[3].ToUpperInvariant();

        (await WithRecoveryCode(server, code)).ShouldBeNull();
        (await WithRecoveryCode(server, code)).ShouldBe(Refusal.BadCode);
        organisation.RecoveryCodes.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Says_the_same_of_an_unknown_name_as_of_a_wrong_password()
    {
        await using var server = await TestServer.Start();
        await server.Initialise();

        Refused(await new Browser(server).Post("/signin/password", ("name", "nobody"), ("password", "whatever it is"))).ShouldBe(Refusal.SignInFailed);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Locks_a_name_nobody_has_like_one_somebody_has(string database)
    {
        await using var server = await TestServer.Start([.. await Databases.Options(database), "--limits:signInPerMinute", "1000"]);
        await server.Initialise();
        var browser = new Browser(server);

        var answers = new Dictionary<string, List<string?>> { [AdministratorName] = [], ["nobody"] = [] };
        foreach (var minutes in new[] { 0, 0, 0, 0, 0, 0, 14, 2, 0 })
        {
            server.Clock.Advance(TimeSpan.FromMinutes(minutes));
            foreach (var (name, refusals) in answers)
            {
                refusals.Add(Refused(await browser.Post("/signin/password", ("name", name), ("password", "wrong"))));
            }
        }

        answers[AdministratorName].ShouldBe(
            [.. Enumerable.Repeat(Refusal.SignInFailed, 5), Refusal.LockedOut, Refusal.LockedOut, Refusal.SignInFailed, Refusal.SignInFailed]);
        answers["nobody"].ShouldBe(answers[AdministratorName]);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Remembers_a_bounded_number_of_names_nobody_has(string database)
    {
        await using var server = await TestServer.Start([.. await Databases.Options(database), "--limits:signInPerMinute", "100000"]);
        await server.Initialise();
        var lockout = server.Get<Lockout>();

        await Parallel.ForEachAsync(Enumerable.Range(0, Lockout.MostUnknown + 500), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, ct) =>
            await lockout.CountUnknown($"nobody{i}", ct));

        await Polling.Until(async () => await server.Get<Database>().ReadOne<long>($"SELECT count(*) FROM unknown_names", default) <= Lockout.MostUnknown);
    }

    [Fact]
    public async Task Ends_a_session_that_is_idle_or_old_or_was_ended()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        var idle = new Browser(server);
        await idle.SignIn(organisation);
        (await idle.Get("/signed-in-only")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        server.Clock.Advance(TimeSpan.FromMinutes(31));
        (await idle.Get("/api/v1/server")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        SentToSignIn(await idle.Get("/requests")).ShouldBeTrue();

        var ended = new Browser(server);
        await ended.SignIn(organisation);
        var session = (await server.Get<Sessions>().List(organisation.Id, null, default)).Single();
        var primary = await organisation.Client(Role.PrimaryAdministrator);
        (await primary.DeleteAsync($"/api/v1/sessions/{session.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Get<Sessions>().List(organisation.Id, null, default)).ShouldBeEmpty();
        SentToSignIn(await ended.Get("/requests")).ShouldBeTrue();
    }

    [Fact]
    public async Task Refuses_a_form_without_its_token_and_one_from_another_site()
    {
        await using var server = await TestServer.Start();
        await server.Initialise();

        var bare = await new Browser(server, withFormToken: false).Post("/signin/password", ("name", AdministratorName), ("password", Password));
        bare.StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/signin/password") { Content = new FormUrlEncodedContent([]) };
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        (await new Browser(server).Send(foreign)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Redirects_only_inside_the_console_after_signing_in()
    {
        SignInEndpoints.Local("/requests?state=queued").ShouldBe("/requests?state=queued");
        foreach (var bad in new[] { "//evil.example", "/\\evil.example", "https://evil.example", "", null, "javascript:x" })
        {
            SignInEndpoints.Local(bad).ShouldBe("/");
        }

        await Task.CompletedTask;
    }

    [Fact]
    public async Task Keeps_no_secret_in_clear()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        var browser = new Browser(server);
        await browser.SignIn(organisation);
        var token = await organisation.Token(Role.Operator);

        var kept = new List<byte>();
        foreach (var file in Directory.GetFiles(await server.Stop(), "*", SearchOption.AllDirectories))
        {
            kept.AddRange(await File.ReadAllBytesAsync(file));
        }

        var all = System.Text.Encoding.Latin1.GetString([.. kept]);
        string[] secrets = [Password, System.Text.Encoding.ASCII.GetString(organisation.TotpSecret), organisation.RecoveryCodes[0], token, token.Split('_', 3)[2], .. browser.Cookies.Values];
        secrets.ShouldAllBe(s => !all.Contains(s, StringComparison.Ordinal));
    }

    private static bool SentToSignIn(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.ToString().StartsWith("/signin", StringComparison.Ordinal);

    private static async Task<string?> WithRecoveryCode(TestServer server, string code)
    {
        var browser = new Browser(server);
        await browser.Post("/signin/password", ("name", AdministratorName), ("password", Password));
        return Refused(await browser.Post("/signin/recovery", ("code", code)));
    }

    private static string? Refused(HttpResponseMessage answer)
    {
        var query = answer.Headers.Location?.ToString().Split('?', 2) is [_, var q] ? q : "";
        return query.Split('&').FirstOrDefault(p => p.StartsWith("refused=", StringComparison.Ordinal))?["refused=".Length..];
    }
}
