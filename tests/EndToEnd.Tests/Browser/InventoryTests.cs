using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>Finding, sorting and taking away certificates in the browser.</summary>
public sealed class InventoryTests
{
    [Fact]
    public async Task A_certificate_is_found_by_everything_that_is_known_of_it_and_the_list_is_exported()
    {
        await using var server = await ConsoleServer.Start("127.0.0.1", "--own-certificate", "false");
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.MakeAuthority();
        await browser.Approve(await browser.Submit("first.example.test", "first.example.test", "alias.example.test"));
        await browser.Approve(await browser.Submit("second.example.test"));
        await browser.Go("/certificates?q=first.example.test");
        await browser.Link("first.example.test").ClickAsync();
        var facts = browser.Page.Locator(".fact");
        var serial = await facts.Filter(new LocatorFilterOptions { HasText = "serialNumber" }).Locator("code").InnerTextAsync();
        var inDecimal = await facts.Filter(new LocatorFilterOptions { HasText = "serialNumber" }).Locator(".row-sub").InnerTextAsync();
        var sha256 = await facts.Filter(new LocatorFilterOptions { HasText = "Thumbprint SHA-256" }).First.Locator("code").InnerTextAsync();
        var sha1 = await facts.Filter(new LocatorFilterOptions { HasText = "SHA-1" }).First.Locator("code").InnerTextAsync();
        await Assertions.Expect(facts.Filter(new LocatorFilterOptions { HasText = "What the key may do" })).ToContainTextAsync("Prove who is there (digitalSignature)");
        await Assertions.Expect(facts.Filter(new LocatorFilterOptions { HasText = "What it may be used for" })).ToContainTextAsync("extKeyUsage, 2.5.29.37");
        await Assertions.Expect(facts.Filter(new LocatorFilterOptions { HasText = "Where revocations are listed" })).ToContainTextAsync("Revocation list: http://");
        await Assertions.Expect(facts.Filter(new LocatorFilterOptions { HasText = "Where status and issuer are found" })).ToContainTextAsync("Live status (OCSP): http://");
        await Assertions.Expect(facts.Filter(new LocatorFilterOptions { HasText = "Authority or not" })).ToContainTextAsync("Not an authority");
        await Assertions.Expect(browser.Page.Locator(".hex")).ToHaveCountAsync(0);
        var digits = serial.Replace(" ", "", StringComparison.Ordinal);

        string[] spellings = ["FIRST.example", "alias.example.test", serial, digits.ToUpperInvariant(), "0x" + digits, serial.Replace(' ', ':'), inDecimal, sha256, sha1.ToUpperInvariant()];
        foreach (var text in spellings)
        {
            await browser.Go("/certificates");
            await browser.Page.Locator(".list-filters [name=q]").FillAsync(text);
            await Show(browser);
            await Names(browser, "first.example.test");
        }

        await browser.Go("/certificates");
        await browser.Page.Locator(".list-filters [name=requester]").FillAsync("second.example.test");
        await Show(browser);
        await Names(browser, "second.example.test");
        await browser.Go("/certificates?state=Revoked");
        await Assertions.Expect(browser.Page.GetByText("Nothing matches this filter")).ToBeVisibleAsync();
        await browser.Go("/certificates?within=7");
        await Assertions.Expect(browser.Page.GetByText("Nothing matches this filter")).ToBeVisibleAsync();

        await browser.Go("/certificates?state=Active");
        var download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Page.Locator(".list-export").ClickAsync());
        var lines = await System.IO.File.ReadAllLinesAsync(await download.PathAsync());
        download.SuggestedFilename.ShouldBe("certificates.csv");
        lines[0].TrimStart('\ufeff').ShouldBe("id,serial,subject,alternative names,state,not before,not after,requester,profile,authority,revoked,reason");
        lines.Length.ShouldBe(3);
        var row = lines.Single(l => l.Contains("first.example.test", StringComparison.Ordinal));
        row.ShouldContain(digits);
        row.ShouldContain("dns:first.example.test dns:alias.example.test");
        row.ShouldContain(",Active,");
        string.Join('\n', lines).ShouldNotContain("PRIVATE KEY");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lists_are_sorted_by_their_heads_and_keep_the_order_with_the_filter()
    {
        await using var server = await ConsoleServer.Start("127.0.0.1", "--own-certificate", "false");
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        await browser.MakeAuthority();
        foreach (var name in new[] { "a.example.test", "b.example.test", "c.example.test" })
        {
            await browser.Submit(name);
        }

        await browser.Go("/requests");
        await Names(browser, "a.example.test", "b.example.test", "c.example.test");
        await Sort(browser, "Waiting since", "ascending");
        await Sort(browser, "Waiting since", "descending");
        await Names(browser, "c.example.test", "b.example.test", "a.example.test");
        await browser.Page.Locator(".list-filters [name=text]").FillAsync("example");
        await Show(browser);
        await Names(browser, "c.example.test", "b.example.test", "a.example.test");

        foreach (var name in new[] { "b.example.test", "a.example.test", "c.example.test" })
        {
            await browser.Go($"/requests?text={name}");
            await browser.Link(name).ClickAsync();
            await browser.At("**/requests/*");
            await browser.Approve(new Uri(browser.Page.Url).AbsolutePath);
        }

        await browser.Go("/certificates");
        await Sort(browser, "Valid until", "ascending");
        await Names(browser, "b.example.test", "a.example.test", "c.example.test");
        (await browser.Barriers()).ShouldBeEmpty();
        await Sort(browser, "Valid until", "descending");
        await Names(browser, "c.example.test", "a.example.test", "b.example.test");

        await browser.Go("/audit");
        await Sort(browser, "When", "ascending");
        await Assertions.Expect(browser.Page.Locator("tbody tr").First.Locator("code").Last).ToHaveTextAsync("1");
        browser.Complaints.ShouldBeEmpty();
    }

    private static async Task Sort(ConsoleBrowser browser, string head, string direction)
    {
        var column = browser.Page.Locator("th", new PageLocatorOptions { HasText = head });
        await column.GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(column).ToHaveAttributeAsync("aria-sort", direction);
    }

    private static Task Show(ConsoleBrowser browser) => browser.Page.Locator(".list-filters button[type=submit]").ClickAsync();

    private static Task Names(ConsoleBrowser browser, params string[] names) => Assertions.Expect(browser.Page.Locator("tbody .row-title")).ToHaveTextAsync(names);
}
