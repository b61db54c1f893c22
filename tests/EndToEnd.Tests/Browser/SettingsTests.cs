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
        await browser.Page.Locator("details.more summary").ClickAsync();
        await browser.Page.Locator("[name=name]").FillAsync("Beispiel AG");
        await browser.Page.Locator("[name=l]").FillAsync("Hamburg");
        await browser.Page.Locator("[name=c]").FillAsync("D1");
        await browser.Button("Save").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-bad")).ToContainTextAsync("two capital letters");
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
}
