using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>What somebody sees who may not do everything.</summary>
public sealed class RoleTests
{
    private const string Auditor = "Robin Auditor";
    private const string First = "a first password 1234";

    [Fact]
    public async Task An_auditor_gets_no_buttons_that_are_refused_and_a_page_for_what_is_not_allowed()
    {
        await using var server = await ConsoleServer.Start();
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.MakeAuthority();
        var waiting = await browser.Submit("sip.example.test");
        await browser.Go("/administrators?dialog=new");
        var dialog = browser.Page.Locator("dialog[open]");
        await dialog.Locator("[name=name]").FillAsync(Auditor);
        await dialog.Locator("[name=role]").SelectOptionAsync("Auditor");
        await dialog.Locator("[name=password]").FillAsync(First);
        await dialog.Locator("button[type=submit]").ClickAsync();
        await browser.At("**done=administrator");
        await browser.SignOut();

        await browser.Fill("Sign-in name", Auditor);
        await browser.Fill("Password", First);
        await browser.Button("Sign in").ClickAsync();
        await browser.Page.Locator("[name=present]").FillAsync(First);
        await browser.Page.Locator("[name=password]").FillAsync("a second password 5678");
        await browser.Button("Next").ClickAsync();
        await browser.EnrolAuthenticator();

        await browser.Go("/");
        await Assertions.Expect(browser.Page.Locator(".decision a").First).ToContainTextAsync("Look at the queue");
        foreach (var path in new[] { "/requests/new", "/administrators", "/enrolment", "/authorities/new" })
        {
            (await browser.Go(path)).Status.ShouldBe(403, path);
            await Assertions.Expect(browser.Page.Locator("h1")).ToHaveTextAsync("Your role does not allow this.");
            await Assertions.Expect(browser.Page.Locator("a.btn-primary")).ToHaveAttributeAsync("href", "/");
            (await browser.Barriers()).ShouldBeEmpty();
        }

        await browser.Go(waiting);
        await Assertions.Expect(browser.Page.Locator("h1")).ToContainTextAsync("sip.example.test");
        await Assertions.Expect(browser.Button("Approve")).ToHaveCountAsync(0);
        (await browser.Go("/settings")).Status.ShouldBe(200);
        await Assertions.Expect(browser.Page.Locator("main form")).ToHaveCountAsync(0);
        browser.Complaints.ShouldBeEmpty();
    }
}
