using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>The event viewer and the alerts in the browser.</summary>
public sealed class EventsTests
{
    [Fact, Trait("Scenario", "ACC-A3")]
    public async Task Events_have_their_colour_and_their_word_are_filtered_exported_and_acknowledged()
    {
        await using var browser = await ConsoleBrowser.AtNewServer();
        var page = browser.Page;
        await browser.Go("/events");
        await Assertions.Expect(page.GetByText("Nothing has happened yet")).ToBeVisibleAsync();
        ToldEvents.InEveryColour(browser.Server.Data);

        await browser.Go("/");
        await page.Locator(".side-link", new PageLocatorOptions { HasText = "Events" }).ClickAsync();
        await browser.At("**/events");
        foreach (var (colour, word) in new[] { ("blue", "Warning"), ("yellow", "Minor"), ("orange", "Major") })
        {
            var row = page.Locator("tbody tr", new PageLocatorOptions { HasText = $"Certificate {colour}.example.test ends on 2027-01-31 12:00 UTC, in 1 day." });
            await Assertions.Expect(row.Locator($".status-{colour}")).ToHaveTextAsync(word);
        }

        await Assertions.Expect(page.Locator("tbody tr .status-word").First).ToHaveTextAsync("Major");
        var looks = new Looks(browser);
        await looks.Now("events");

        await browser.Go("/events?severity=Minor");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await browser.Button("Acknowledge").ClickAsync();
        await browser.At("**done=acknowledged**");
        await Assertions.Expect(page.Locator("tbody .row-sub", new PageLocatorOptions { HasText = ConsoleBrowser.Administrator })).ToBeVisibleAsync();
        await browser.Go("/events?state=open");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(page.GetByText("2 not acknowledged")).ToBeVisibleAsync();

        await browser.Go("/events");
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator(".list-export").ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        lines[0].TrimStart('\ufeff').ShouldBe("id,time,severity,kind,about,object id,name,text,acknowledged,acknowledged by");
        lines.Length.ShouldBe(4);
        looks.Faults.ShouldBeEmpty();
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_alert_is_made_tested_muted_and_removed()
    {
        await using var browser = await ConsoleBrowser.AtNewServer();
        var page = browser.Page;
        var looks = new Looks(browser);
        await looks.At("/alerts", "alerts-none");
        await looks.At("/alerts?dialog=new", "alerts-new");
        await browser.Go("/alerts?dialog=new");
        var dialog = page.Locator("dialog[open]");
        await dialog.Locator("[name=name]").FillAsync("on call");
        await dialog.Locator("[name=target]").SelectOptionAsync("Webhook");
        await dialog.Locator("[name=least]").SelectOptionAsync("Minor");
        await dialog.Locator("[name=address]").FillAsync("nonsense");
        await dialog.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(dialog.GetByText("malformed")).ToBeVisibleAsync();
        await dialog.Locator("[name=address]").FillAsync("http://127.0.0.1:9/only-we-know");
        await dialog.Locator("button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".notice-ok .copy-text code")).ToContainTextAsync("whs_");
        await Assertions.Expect(page.Locator("tbody tr")).ToContainTextAsync("http://127.0.0.1:9");
        (await page.ContentAsync()).ShouldNotContain("only-we-know");

        await browser.Go("/alerts");
        await browser.Button("Test on call").ClickAsync();
        await Assertions.Expect(page.Locator(".notice-bad")).ToContainTextAsync("refused");
        await browser.Button("Mute for a day on call").ClickAsync();
        await browser.At("**done=alertMuted");
        await Assertions.Expect(page.Locator("tbody .status-off")).ToHaveTextAsync("Muted");
        await looks.Now("alerts");
        await browser.Button("Speak again on call").ClickAsync();
        await browser.At("**done=alertUnmuted");

        await page.Locator("#m-host").FillAsync("127.0.0.1");
        await page.Locator("#m-sender").FillAsync("ca@example.test");
        await browser.Button("Save the mail server").ClickAsync();
        await browser.At("**done=mailServer");
        await Assertions.Expect(page.Locator("#mail .panel-lead")).ToContainTextAsync("127.0.0.1, port 25");
        await browser.Button("Remove on call").ClickAsync();
        await browser.At("**done=alertRemoved");
        await Assertions.Expect(page.GetByText("Nobody is told yet")).ToBeVisibleAsync();
        looks.Faults.ShouldBeEmpty();
        browser.Complaints.ShouldBeEmpty();
    }
}
