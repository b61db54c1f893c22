using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>What the primary administrator changes while the server runs.</summary>
public sealed class SettingsTests
{
    [Fact]
    public async Task Name_and_default_subject_are_changed_audited_and_proposed_for_the_next_authority()
    {
        await using var server = await ConsoleServer.Start();
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.Go("/settings");
        await browser.Page.Locator("details.more summary").First.ClickAsync();
        await browser.Page.Locator("[name=name]").FillAsync("Beispiel AG");
        await browser.Page.Locator("[name=l]").FillAsync("Hamburg");
        await browser.Page.Locator("[name=c]").FillAsync("D1");
        await browser.Button("Save").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-bad")).ToContainTextAsync("'D1' is none");
        await Assertions.Expect(browser.Page.Locator("[name=name]")).ToHaveValueAsync("Beispiel AG");
        (await browser.Barriers()).ShouldBeEmpty();

        await browser.Page.Locator("[name=c]").FillAsync("de");
        await browser.Button("Save").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-ok")).ToHaveTextAsync("Saved.");
        await Assertions.Expect(browser.Page.Locator(".facts").First).ToContainTextAsync("Hamburg");

        await browser.Go("/audit");
        await Assertions.Expect(browser.Page.GetByText("Name or default subject changed")).ToBeVisibleAsync();
        await browser.Go("/authorities/new");
        await Assertions.Expect(browser.Page.Locator("[name=c]")).ToHaveValueAsync("DE");
        await Assertions.Expect(browser.Page.Locator("[name=l]")).ToHaveValueAsync("Hamburg");
        (await browser.Page.Locator("[name=cn]").InputValueAsync()).ShouldMatch(@"^(Beispiel AG CA|[^. ]+\..+)$");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact, Trait("Scenario", "ENR-A6")]
    public async Task How_many_requests_may_wait_is_changed_while_the_server_runs_and_audited()
    {
        await using var server = await ConsoleServer.Start();
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.MakeAuthority();
        await browser.Go("/settings");
        var limits = browser.Page.Locator("#limits");
        await Assertions.Expect(limits.Locator(".fact").First).ToContainTextAsync("Default: nobody set it");
        await limits.Locator("details.more summary").ClickAsync();
        await limits.Locator("[name=limit]").EvaluateAsync("e => e.removeAttribute('min')");
        await limits.Locator("[name=limit]").FillAsync("0");
        await browser.Button("Save the limit").ClickAsync();
        await Assertions.Expect(limits.Locator(".notice-bad")).ToContainTextAsync("a whole number from 1 to");
        await Assertions.Expect(limits.Locator("[name=limit]")).ToHaveValueAsync("0");
        (await browser.Barriers()).ShouldBeEmpty();

        await limits.Locator("[name=limit]").FillAsync("1");
        await browser.Button("Save the limit").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-ok")).ToHaveTextAsync("Saved.");
        await Assertions.Expect(limits.Locator(".fact").First).ToContainTextAsync("Changed here");

        await browser.Submit("first.example.test");
        await browser.Go("/requests/new");
        await browser.Page.Locator("[name=csr]").FillAsync(ConsoleBrowser.Csr("second.example.test"));
        await browser.Button("Put into the queue").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-bad")).ToContainTextAsync("queue_full");
        await browser.Go("/audit");
        await Assertions.Expect(browser.Page.GetByText("Setting changed")).ToBeVisibleAsync();
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_option_given_at_the_start_says_where_and_is_not_changed_in_the_console()
    {
        await using var server = await ConsoleServer.Start("127.0.0.1", "--limits:queueLimit", "7");
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.Go("/settings");
        var limits = browser.Page.Locator("#limits");
        await Assertions.Expect(limits.Locator(".fact").First).ToContainTextAsync("7Given on the command line");
        await Assertions.Expect(limits).ToContainTextAsync("cannot be changed here: it was given when the server was started");
        await Assertions.Expect(limits.Locator("form")).ToHaveCountAsync(0);
    }
}
