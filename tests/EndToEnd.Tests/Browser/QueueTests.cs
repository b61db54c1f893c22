using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>Several requests decided at once.</summary>
public sealed class QueueTests
{
    [Fact]
    public async Task Filtered_requests_are_approved_and_rejected_together_and_the_others_wait()
    {
        await using var server = await ConsoleServer.Start("127.0.0.1", "--own-certificate", "false");
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.MakeAuthority();
        foreach (var name in new[] { "west1.example.test", "west2.example.test", "east1.example.test", "east2.example.test", "north.example.test" })
        {
            await browser.Submit(name);
        }

        await Filter(browser, "west");
        var rows = browser.Page.Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await browser.Page.Locator("input[data-all]").CheckAsync();
        await Assertions.Expect(browser.Page.Locator(".bulk [data-chosen]")).ToHaveTextAsync("2");

        // Without a statement nothing is decided, and nothing has to be chosen again.
        await OpenDialog(browser, "Approve the chosen requests");
        (await browser.Barriers()).ShouldBeEmpty();
        await Decide(browser, "Approve the chosen requests");
        await Assertions.Expect(browser.Page.Locator("dialog[open] .field-error")).ToContainTextAsync("Say how you checked");
        await Assertions.Expect(browser.Page.Locator("input[data-row]:checked")).ToHaveCountAsync(2);
        await browser.Page.Locator("dialog[open] [name=identity]").FillAsync("Both are on the delivery note.");
        await Decide(browser, "Approve the chosen requests");
        await Assertions.Expect(browser.Page.Locator(".notice-ok")).ToContainTextAsync("2 decided, 0 not");
        await Assertions.Expect(browser.Page.GetByText("Nothing matches this filter")).ToBeVisibleAsync();

        await Filter(browser, "east");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await browser.Page.GetByLabel("Choose CN=east2.example.test").CheckAsync();
        await OpenDialog(browser, "Reject the chosen requests");
        await browser.Page.Locator("dialog[open] [name=reason]").FillAsync("Nobody ordered it.");
        await Decide(browser, "Reject the chosen requests");
        await Assertions.Expect(browser.Page.Locator(".notice-ok")).ToContainTextAsync("1 decided, 0 not");

        await Names(browser, "/requests", "east1.example.test", "north.example.test");
        await Names(browser, "/requests?state=Issued", "west2.example.test", "west1.example.test");
        await Names(browser, "/requests?state=Rejected", "east2.example.test");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact, Trait("Scenario", "ENR-A2")]
    public async Task Changed_names_are_shown_again_as_they_will_be_signed_with_what_the_profile_adds()
    {
        await using var server = await ConsoleServer.Start("127.0.0.1", "--own-certificate", "false");
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.MakeAuthority();
        var request = await browser.Submit("pbx.example.test");
        var shown = browser.Page.Locator("section[aria-labelledby=names]");
        var sans = browser.Page.Locator("[name=sans]");

        // The name comes from the common name: it is signed whether it stands in the list or not, and the page says so.
        foreach (var chosen in new[] { "", "dns:west.example.test" })
        {
            await browser.Go(request);
            await browser.Page.Locator("[name=identity]").FillAsync("Called back on the number on file.");
            await browser.Page.Locator("details:has([name=sans]) > summary").ClickAsync();
            await sans.FillAsync(chosen);
            await browser.Page.Locator("[name=decision]").ClickAsync();
            await Assertions.Expect(browser.Page.GetByText("Look at the changed names once more")).ToBeVisibleAsync();
            await Assertions.Expect(shown).ToContainTextAsync("dns:pbx.example.test");
            await Assertions.Expect(sans).ToHaveValueAsync(string.Join('\n', new[] { "dns:pbx.example.test", chosen }.Where(n => n.Length > 0)));
        }

        await browser.Page.Locator("[name=decision]").ClickAsync();
        await browser.At("**?done=approved");
        await Assertions.Expect(shown).ToContainTextAsync("dns:pbx.example.test");
        await Assertions.Expect(shown).ToContainTextAsync("dns:west.example.test");
        browser.Complaints.ShouldBeEmpty();
    }

    private static async Task Filter(ConsoleBrowser browser, string text)
    {
        await browser.Go("/requests");
        await browser.Page.Locator(".list-filters [name=text]").FillAsync(text);
        await browser.Page.Locator(".list-filters button[type=submit]").ClickAsync();
        await browser.At($"**text={text}*");
    }

    private static Task OpenDialog(ConsoleBrowser browser, string name) =>
        browser.Page.Locator(".bulk").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name }).ClickAsync();

    private static Task Decide(ConsoleBrowser browser, string name) =>
        browser.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name }).ClickAsync();

    private static async Task Names(ConsoleBrowser browser, string path, params string[] names)
    {
        await browser.Go(path);
        await Assertions.Expect(browser.Page.Locator("tbody .row-title")).ToHaveTextAsync(names);
    }
}
