using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>Every page in both themes, wide and narrow: nothing that keeps people out, nothing that runs over the edge, nothing the browser complains about.</summary>
public sealed class PagesTests
{
    private static readonly string[] Pages =
    [
        "/", "/requests", "/requests?state=Issued", "/requests/new", "/certificates", "/certificates?q=nothing", "/authorities", "/authorities/new", "/profiles", "/profiles/tls-server", "/enrolment", "/enrolment?dialog=code",
        "/audit", "/events", "/alerts", "/alerts?dialog=new", "/administrators", "/administrators?dialog=new", "/sessions", "/tokens", "/tokens?dialog=new", "/account", "/settings", "/help/telephone", "/not-found", "/nothing/here", "/certificates?sort=until",
    ];

    [Fact]
    public async Task Every_page_is_open_to_everybody_in_both_themes_and_at_both_widths()
    {
        await using var server = await ConsoleServer.Start();
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.MakeAuthority();
        var waiting = await browser.Submit("sip.example.test", "sip.example.test", "sip2.example.test");
        var approved = await browser.Submit("turn.example.test");
        await browser.Approve(approved);
        var certificate = await browser.Page.Locator("a", new PageLocatorOptions { HasText = "Open the certificate" }).GetAttributeAsync("href");
        var (issuing, root) = (await Href(browser, "/authorities", "a", "Details and rollover"), await Href(browser, "/authorities", ".list .row-title", ""));
        var administrator = await Href(browser, "/administrators", ".list .row-title a, .list a.row-title", "");

        var looks = new Looks(browser);
        foreach (var path in Pages)
        {
            await looks.At(path, path == "/" ? "start" : path.Trim('/').Replace('/', '-').Replace('?', '-').Replace('=', '-'));
        }

        await looks.At(waiting, "request");
        await browser.Page.Locator("details.more summary", new PageLocatorOptions { HasText = "Change the names" }).ClickAsync();
        await browser.Page.Locator("[name=sans]").FillAsync("dns:sip.example.test");
        await browser.Fill("How did you check who asks?", "Called back on the number on file.");
        await browser.Button("Approve").ClickAsync();
        await browser.Button("Approve with these names").WaitForAsync();
        await looks.Now("request-changed");
        await looks.At($"{waiting}?dialog=reject", "request-reject");
        await looks.At(approved, "request-approved");
        await looks.At(certificate!, "certificate");
        await looks.At($"{certificate}?dialog=revoke", "certificate-revoke");
        await looks.At(root, "root");
        await looks.At($"{root}?dialog=lists", "root-lists");
        await looks.At(issuing, "authority");
        await looks.At($"{issuing}?dialog=rollover", "authority-rollover");
        await looks.At($"{issuing}?dialog=compromise", "authority-compromise");
        await looks.At(administrator, "administrator");

        looks.Faults.ShouldBeEmpty();
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Set_up_and_sign_in_are_open_to_everybody_in_both_themes_and_at_both_widths()
    {
        await using var server = await ConsoleServer.Start();
        await using var browser = await ConsoleBrowser.Open(server);
        var looks = new Looks(browser);
        await browser.SetUpAdministrator(looks.Now);
        await looks.Now("setup-second-factor");
        await browser.EnrolAuthenticator();
        await looks.Now("setup-recovery-codes");
        await browser.Link("I have kept them").ClickAsync();
        await browser.Heading("The certificate authority").WaitForAsync();
        await looks.Now("setup-authority");
        await browser.Button("Generate the authority").ClickAsync();
        await browser.Heading("Keep the passphrase of the root").WaitForAsync();
        await looks.Now("setup-passphrase");
        await browser.Page.Locator("a.btn-primary").ClickAsync();
        await browser.At("**/setup/authority?made=*");
        await looks.Now("setup-done");

        await browser.Go("/");
        await browser.SignOut();
        await looks.At("/signin", "signin");
        await looks.At("/signin?refused=bad_credentials", "signin-refused");
        await browser.SignInWithPassword();
        await browser.Fill("Code from your authenticator", "");
        await looks.Now("second-factor");

        looks.Faults.ShouldBeEmpty();
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_shown_only_once_is_not_hidden_behind_the_dialog_that_made_it()
    {
        await using var server = await ConsoleServer.Start();
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        var dialog = browser.Page.Locator("dialog[open]");
        await browser.Go("/tokens?dialog=new");
        await dialog.Locator("[name=name]").FillAsync("deployment");
        await dialog.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-ok .copy-text")).ToBeVisibleAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);

        await browser.Go("/enrolment?dialog=code");
        await dialog.Locator("[name=requester]").FillAsync("phone 201");
        await dialog.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-ok .copy-text")).ToBeVisibleAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Lists_call_things_by_their_names_and_what_is_not_there_is_said_once()
    {
        await using var browser = await ConsoleBrowser.AtAuthority("sip.example.test");
        var page = browser.Page;
        await browser.Go("/tokens?dialog=new");
        var dialog = page.Locator("dialog[open]");
        await dialog.Locator("[name=name]").FillAsync("nightly renewal");
        await dialog.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("tbody .row-title")).ToHaveTextAsync(["nightly renewal"]);
        await Assertions.Expect(page.Locator("tbody .row-title + .row-sub")).ToHaveCountAsync(0);

        await browser.Go("/audit");
        var records = page.Locator("tbody tr");
        await Assertions.Expect(records.Filter(new LocatorFilterOptions { HasText = "API token made" })).ToContainTextAsync("nightly renewal");
        await Assertions.Expect(records.Filter(new LocatorFilterOptions { HasText = "Approved" }).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "sip.example.test" })).ToBeVisibleAsync();
        await Assertions.Expect(records.Filter(new LocatorFilterOptions { HasText = "Issued" }).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "sip.example.test" })).ToBeVisibleAsync();
        await Assertions.Expect(records.Filter(new LocatorFilterOptions { HasText = "Second factor set up" }).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = ConsoleBrowser.Administrator })).ToBeVisibleAsync();
        await Assertions.Expect(records.Filter(new LocatorFilterOptions { HasText = "Authority generated" })).ToContainTextAsync("Example Telecom CA");

        await browser.Go("/sessions");
        var said = page.Locator("tbody .row-sub[title]");
        await Assertions.Expect(said).ToHaveTextAsync("Chrome on Linux");
        await Assertions.Expect(said).ToHaveAttributeAsync("title", await page.EvaluateAsync<string>("navigator.userAgent"));

        foreach (var path in new[] { "/nothing/here", "/certificates/00", "/not-found" })
        {
            await browser.Go(path);
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Nothing is at this address");
            await Assertions.Expect(page.GetByText("Nothing is at this address")).ToHaveCountAsync(1);
            await Assertions.Expect(page.GetByText("Nothing was changed.")).ToHaveCountAsync(1);
            await Assertions.Expect(page.Locator(".refusal-code, .notice-bad").Filter(new LocatorFilterOptions { HasNotText = "not_found" })).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task A_request_for_names_its_sender_may_not_have_is_readable_for_everybody()
    {
        await using var browser = await ConsoleBrowser.AtAuthority();
        var page = browser.Page;
        await browser.Go("/tokens?dialog=new");
        await page.Locator("dialog[open] [name=name]").FillAsync("west");
        await page.Locator("dialog[open] [name=names]").FillAsync("west.example.test");
        await page.Locator("dialog[open] button[type=submit]").ClickAsync();
        var secret = await page.Locator(".notice-ok .copy-text code").InnerTextAsync();
        var answer = await page.Context.APIRequest.PostAsync(browser.Server.Address + "/api/v1/requests", new APIRequestContextOptions
        {
            Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer " + secret },
            DataObject = new { csr = ConsoleBrowser.Csr("west.example.test", "west.example.test", "east.example.test", "intranet"), profile = "tls-server" },
        });
        answer.Status.ShouldBe(202, await answer.TextAsync());

        var looks = new Looks(browser);
        await looks.At("/requests", "requests-outside");
        await browser.Link("west.example.test").ClickAsync();
        await Assertions.Expect(page.Locator(".notice-warn .chip")).ToContainTextAsync(["east.example.test", "intranet"]);
        await looks.Now("request-outside");
        looks.Faults.ShouldBeEmpty();
        browser.Complaints.ShouldBeEmpty();
    }

    private static async Task<string> Href(ConsoleBrowser browser, string path, string selector, string text)
    {
        await browser.Go(path);
        return (await browser.Page.Locator(selector, new PageLocatorOptions { HasText = text }).First.GetAttributeAsync("href"))!;
    }
}
