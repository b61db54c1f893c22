using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>What a profile issues is changed on its page.</summary>
public sealed class ProfileTests
{
    [Fact]
    public async Task A_changed_rule_is_kept_shown_and_in_the_next_certificate_and_a_wrong_one_is_refused()
    {
        await using var server = await ConsoleServer.Start();
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.MakeAuthority();
        await browser.Go("/profiles/tls-server");
        await browser.Page.Locator("details.more summary").ClickAsync();
        (await browser.Barriers()).ShouldBeEmpty();
        await browser.Page.Locator("[name=dns]").FillAsync("*.example.test");
        await browser.Page.Locator("[name=forced]").FillAsync("O=Example Telephones");
        await browser.Page.Locator("[name=key][value=Rsa]").UncheckAsync();
        await browser.Button("Save").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-bad")).ToContainTextAsync("*.example.test is no domain");
        await Assertions.Expect(browser.Page.Locator("[name=forced]")).ToHaveValueAsync("O=Example Telephones");
        await Assertions.Expect(browser.Page.Locator("[name=key][value=Rsa]")).Not.ToBeCheckedAsync();
        (await browser.Barriers()).ShouldBeEmpty();

        await browser.Page.Locator("[name=dns]").FillAsync("example.test");
        await browser.Button("Save").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-ok")).ToHaveTextAsync("Saved.");
        await Assertions.Expect(browser.Page.Locator(".facts .chips").First).Not.ToContainTextAsync("RSA");
        await Assertions.Expect(browser.Page.Locator("[name=dns]")).ToHaveValueAsync("example.test");

        await browser.Approve(await browser.Submit("pbx.example.test"));
        await browser.Link("Open the certificate").ClickAsync();
        await Assertions.Expect(browser.Page.GetByText("Example Telephones").First).ToBeVisibleAsync();
        browser.Complaints.ShouldBeEmpty();
    }
}
