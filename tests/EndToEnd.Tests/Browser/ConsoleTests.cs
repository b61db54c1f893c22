using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>A person at the console, in a real browser, against the real program.</summary>
public sealed class ConsoleTests
{
    [Fact, Trait("Scenario", "CA-A2")]
    public async Task Set_up_leads_from_the_code_to_an_authority_and_sign_in_needs_both_factors()
    {
        await using var server = await ConsoleServer.Start();
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.MakeAuthority();
        await browser.Go("/");
        await Assertions.Expect(browser.Page.Locator("h1")).ToHaveTextAsync("Today");
        await browser.SignOut();
        (await browser.Go("/requests")).Url.ShouldContain("/signin");
        await browser.SignIn();
        await Assertions.Expect(browser.Page.Locator("h1")).ToHaveTextAsync("Requests");
        (await browser.Go("/setup")).Url.ShouldNotContain("/setup");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact, Trait("Scenario", "ENR-A2"), Trait("Scenario", "ENR-A3"), Trait("Scenario", "ENR-A4"), Trait("Scenario", "ENR-A5"), Trait("Scenario", "REV-A1"), Trait("Scenario", "REV-A4")]
    public async Task Requests_are_approved_and_rejected_and_certificates_found_and_revoked()
    {
        await using var server = await ConsoleServer.Start();
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.MakeAuthority();
        var page = browser.Page;

        // The identity check is asked for.
        var request = await browser.Submit("sip.example.test", "sip.example.test", "sip2.example.test");
        await page.Locator("[name=identity]").EvaluateAsync("e => e.removeAttribute('required')");
        await browser.Button("Approve").ClickAsync();
        await Assertions.Expect(page.Locator(".field-error")).ToContainTextAsync("Say how you checked");

        // Changed names are shown once more, as a difference, before they are signed.
        await browser.Fill("How did you check who asks?", "Called back on the number on file.");
        await page.Locator("details.more summary", new PageLocatorOptions { HasText = "Change the names" }).ClickAsync();
        await page.Locator("[name=sans]").FillAsync("dns:sip.example.test");
        await browser.Button("Approve").ClickAsync();
        await Assertions.Expect(page.Locator(".diff-gone")).ToContainTextAsync("sip2.example.test");
        await browser.Button("Approve with these names").ClickAsync();
        await browser.At("**?done=approved");

        // The certificate has the approved names only, is found by serial, and is revoked for good.
        await browser.Link("Open the certificate").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("sip.example.test");
        (await page.Locator(".chips").First.InnerTextAsync()).ShouldNotContain("sip2");
        var serial = await page.Locator(".fact", new PageLocatorOptions { HasText = "Serial number" }).Locator("code").InnerTextAsync();
        await page.Locator("#search").FillAsync(serial.Replace(' ', ':'));
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "sip.example.test" }).ClickAsync();
        await browser.Link("Revoke …").ClickAsync();
        await Assertions.Expect(page.Locator("dialog[open]")).ToContainTextAsync("Revoking is not the way to disable a telephone");
        await Assertions.Expect(browser.Button("Revoke for good")).ToBeDisabledAsync();
        await page.SelectOptionAsync("[name=reason]", "keyCompromise");
        await page.Locator("[name=typed]").FillAsync("sip.example.test");
        await browser.Button("Revoke for good").ClickAsync();
        await browser.At("**?done=revoked");
        await Assertions.Expect(page.Locator(".page-head .status-word")).ToHaveTextAsync("Revoked");

        // Cancelling leads back to the list and decides nothing.
        await browser.Submit("other.example.test");
        await browser.Link("Back, decide later").ClickAsync();
        await browser.At("**/requests");
        await browser.Link("other.example.test").ClickAsync();
        await Assertions.Expect(page.Locator(".page-head .status-word")).ToHaveTextAsync("Waiting");
        await Assertions.Expect(page.GetByText("Approved by")).ToHaveCountAsync(0);

        // A rejected request is final.
        await browser.Link("Reject …").ClickAsync();
        await browser.Fill("Why is it rejected?", "Nobody knows this server.");
        await browser.Button("Reject …").ClickAsync();
        await browser.At("**/requests?done=rejected");
        await browser.Go("/requests?state=Rejected");
        await Assertions.Expect(browser.Link("other.example.test")).ToBeVisibleAsync();
        request.ShouldStartWith("/requests/");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact, Trait("Scenario", "ENR-A1")]
    public async Task A_new_request_appears_on_the_open_queue_by_itself()
    {
        await using var server = await ConsoleServer.Start();
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.MakeAuthority();
        await browser.Go("/requests");
        await Assertions.Expect(browser.Page.Locator(".live")).ToHaveAttributeAsync("data-live-state", "on");
        var elsewhere = await browser.Page.Context.NewPageAsync();
        await elsewhere.GotoAsync(server.Address + "/requests/new");
        await elsewhere.Locator("[name=csr]").FillAsync(ConsoleBrowser.Csr("new.example.test"));
        await elsewhere.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Put into the queue" }).ClickAsync();
        await Assertions.Expect(browser.Link("new.example.test")).ToBeVisibleAsync();
        await Assertions.Expect(browser.Page.Locator("[data-live-text=waiting]")).ToHaveTextAsync("1 request waits");
    }
}
