using System.Text.RegularExpressions;
using Countersign.Pki;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Access;

public sealed partial class FirstRunTests
{
    [Fact]
    public async Task Sets_up_once_with_the_code_which_then_is_dead()
    {
        await using var server = await TestServer.Start();
        var firstRun = server.Get<FirstRun>();
        var code = firstRun.NewCode();

        (await Should.ThrowAsync<RefusalException>(() => firstRun.Complete("aaaaa-aaaaa-aaaaa-aaaaa", Answers("ada"), null, default))).Code.ShouldBe(Refusal.BadSetupCode);
        await firstRun.Complete(code.ToUpperInvariant().Replace('-', ' '), Answers("ada"), null, default);

        (await Should.ThrowAsync<RefusalException>(() => firstRun.Complete(code, Answers("eve"), null, default))).Code.ShouldBe(Refusal.AlreadySetUp);
        (await firstRun.IsOpen(default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Voids_a_code_when_another_is_made()
    {
        await using var server = await TestServer.Start();
        var firstRun = server.Get<FirstRun>();
        var former = firstRun.NewCode();
        firstRun.NewCode();

        (await Should.ThrowAsync<RefusalException>(() => firstRun.EnsureCode(former, default))).Code.ShouldBe(Refusal.BadSetupCode);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Makes_one_organisation_however_many_ask_at_the_same_time(string database)
    {
        await using var server = await TestServer.Start(await Databases.Options(database));
        var firstRun = server.Get<FirstRun>();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await firstRun.Complete(Answers($"admin{i}"), null, default);
                return "done";
            }
            catch (RefusalException refusal)
            {
                return refusal.Code;
            }
        }));

        outcomes.Count(o => o == "done").ShouldBe(1);
        outcomes.Count(o => o == Refusal.AlreadySetUp).ShouldBe(7);
        (await server.Get<Administrators>().List((await firstRun.Organisation(default))!, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Sends_the_first_visitor_to_the_set_up_page()
    {
        await using var server = await TestServer.Start();

        var answer = await new Browser(server).Get("/requests");

        answer.Headers.Location!.ToString().ShouldStartWith("/setup");
    }

    [Theory]
    [InlineData("short", "weak_password")]
    [InlineData("aaaaaaaaaaaaaaaa", "weak_password")]
    [InlineData("ada-lovelace-password", "weak_password")]
    public async Task Refuses_a_password_that_is_easy_to_guess(string password, string code)
    {
        await using var server = await TestServer.Start();
        var refused = await Should.ThrowAsync<RefusalException>(() =>
            server.Get<FirstRun>().Complete(Answers("ada-lovelace") with { Password = password }, null, default));

        refused.Code.ShouldBe(code);
        (await server.Get<FirstRun>().IsOpen(default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Sets_up_a_second_factor_at_the_first_sign_in()
    {
        await using var server = await TestServer.Start();
        await server.Get<FirstRun>().Complete(Answers("ada"), null, default);
        var browser = new Browser(server);

        var step = await browser.Post("/signin/password", ("name", "ada"), ("password", "correct horse battery"));

        step.Headers.Location!.ToString().ShouldBe("/account/enrol");
        (await browser.Get("/requests")).Headers.Location!.ToString().ShouldStartWith("/signin");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Setting_up_a_second_factor_is_the_first_sign_in(string database)
    {
        await using var server = await TestServer.Start(await Databases.Options(database));
        var organisation = (await server.Get<FirstRun>().Complete(Answers("ada"), null, default)).OrganisationId;
        var browser = new Browser(server);
        await browser.Post("/signin/password", ("name", "ada"), ("password", "correct horse battery"));
        (await server.Get<Administrators>().List(organisation, default)).Single().LastSignInAt.ShouldBeNull();
        var page = await (await browser.Get("/account/enrol")).Content.ReadAsStringAsync();
        var secret = Totp.FromBase32(Secret().Match(page).Value)!;

        await browser.Post("/account/enrol", ("_handler", "totp"), ("code", Totp.Code(secret, Totp.StepAt(server.Clock.GetUtcNow()))));

        (await browser.Get("/requests")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        (await server.Get<Administrators>().List(organisation, default)).Single().LastSignInAt.ShouldNotBeNull().ShouldBe(server.Clock.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_country_begins_empty_and_its_name_is_refused_with_its_code_rather_than_cut()
    {
        await using var server = await TestServer.Start();
        var code = server.Get<FirstRun>().NewCode();
        var browser = new Browser(server);

        var empty = await Page(browser, "/setup", ("_handler", "setup"), ("step", "0"), ("code", code));
        CountryField().Match(empty).Value.ShouldNotContain("US");
        CountryField().Match(empty).Value.ShouldNotContain("maxlength=\"2\"");
        var refused = await Page(browser, "/setup", ("_handler", "setup"), ("step", "1"), ("code", code), ("organisation", "Example"), ("c", "Germany"));
        refused.ShouldContain("Germany is DE");
        CountryField().Match(refused).Value.ShouldContain("value=\"Germany\"");
        (await Page(browser, "/setup", ("_handler", "setup"), ("step", "1"), ("code", code), ("organisation", "Example"), ("c", "xx"))).ShouldContain("Country");
        (await Page(browser, "/setup", ("_handler", "setup"), ("step", "1"), ("code", code), ("organisation", "Example"), ("c", "de"))).ShouldContain("name=\"password\"");
    }

    [Fact]
    public async Task Two_passwords_that_differ_are_called_that_whatever_else_is_wrong_with_them()
    {
        await using var server = await TestServer.Start();
        var code = server.Get<FirstRun>().NewCode();

        var page = await Page(
            new Browser(server), "/setup", ("_handler", "setup"), ("step", "2"), ("code", code), ("organisation", "Example"), ("name", "ada"), ("password", "short"), ("again", "other"));

        page.ShouldContain("What was typed twice is not the same.");
        page.ShouldNotContain("easy to guess");
    }

    [Fact]
    public async Task A_wrong_code_while_setting_up_an_authenticator_offers_no_recovery_code()
    {
        await using var server = await TestServer.Start();
        await server.Get<FirstRun>().Complete(Answers("ada"), null, default);
        var browser = new Browser(server);
        await browser.Post("/signin/password", ("name", "ada"), ("password", "correct horse battery"));
        await browser.Get("/account/enrol");

        var page = await Page(browser, "/account/enrol", ("_handler", "totp"), ("code", "000000"));

        page.ShouldContain("The code is not right.");
        page.ShouldContain("Enter the next code");
        page.ShouldNotContain("recovery code");
    }

    [Theory]
    [InlineData("/setup/authority?made=x")]
    [InlineData("/settings")]
    public async Task The_last_page_and_the_settings_show_how_to_sign_in_by_command_line_with_the_fingerprint_of_now(string path)
    {
        await using var company = await Company.Start(Databases.Sqlite);
        var browser = new Browser(company.Server);
        await browser.SignIn(company.Organisation);

        var page = await (await browser.Get(path)).Content.ReadAsStringAsync();

        var listeners = company.Server.Get<Server.Hosting.ListenerCertificates>();
        page.ShouldContain($"countersign login --server {company.Server.Get<Server.Hosting.BoundListeners>().ConsoleAddress} --fingerprint {Server.Hosting.ListenerCertificates.Spelled(listeners.Thumbprint)}");
    }

    private static async Task<string> Page(Browser browser, string path, params (string Name, string Value)[] fields) =>
        System.Net.WebUtility.HtmlDecode(await (await browser.Post(path, fields)).Content.ReadAsStringAsync());

    [GeneratedRegex("<input[^>]*name=\"c\"[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CountryField();

    [GeneratedRegex("(?<![A-Z2-7])[A-Z2-7]{32}(?![A-Z2-7])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();

    private static FirstRunAnswers Answers(string name) => new() { OrganisationName = "Example", AdministratorName = name, Password = "correct horse battery" };
}
