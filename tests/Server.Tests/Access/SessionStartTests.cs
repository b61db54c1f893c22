using System.Net;
using System.Text.RegularExpressions;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Storage;
using static Countersign.Server.Tests.TestOrganisation;

namespace Countersign.Server.Tests.Access;

/// <summary>Whoever gets into the console is in the audit log once, whichever way they got in.</summary>
public sealed partial class SessionStartTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Setting_up_the_second_factor_is_recorded_as_the_sign_in_it_is(bool mustChangePassword)
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        await Set(server, $"totp_secret = NULL, must_change_password = {(mustChangePassword ? 1 : 0)}");
        var browser = new Browser(server);
        await browser.Post("/signin/password", ("name", AdministratorName), ("password", Password));
        if (mustChangePassword)
        {
            await ChangePassword(browser);
        }

        (await SignIns(server, organisation)).ShouldBeEmpty();
        var secret = Totp.FromBase32(Secret().Match(await (await browser.Get("/account/enrol")).Content.ReadAsStringAsync()).Groups["secret"].Value)!;
        await browser.Post("/account/enrol", ("_handler", "totp"), ("code", Totp.Code(secret, Totp.StepAt(server.Clock.GetUtcNow()))));

        (await browser.Get("/requests")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SignIns(server, organisation)).ShouldBe(["""{"with":"totp"}"""]);
    }

    [Fact]
    public async Task A_sign_in_that_ends_with_a_new_password_is_recorded_once()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        await Set(server, $"must_change_password = 1");
        var browser = new Browser(server);
        await browser.SignIn(organisation);
        await ChangePassword(browser);

        (await browser.Get("/requests")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SignIns(server, organisation)).Count.ShouldBe(1);
    }

    private static Task<HttpResponseMessage> ChangePassword(Browser browser) =>
        browser.Post("/account/enrol", ("_handler", "password"), ("present", Password), ("password", "another horse battery"));

    private static async Task Set(TestServer server, Sql columns)
    {
        var unit = new WriteUnit();
        unit.Add($"UPDATE administrators SET {columns}");
        await server.Get<Database>().Write(unit, default);
    }

    private static async Task<IReadOnlyList<string>> SignIns(TestServer server, TestOrganisation organisation)
    {
        var page = await server.Get<AuditLog>().Page(organisation.Id, new AuditFilter(Action: "session.start"), 10, null, default);
        return [.. page.Rows.Select(r => r.Record.Detail)];
    }

    [GeneratedRegex("secret=(?<secret>[A-Z2-7]+)|<code[^>]*>(?<secret>[A-Z2-7]{32})<", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Secret();
}
