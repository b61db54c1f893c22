using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>
/// Every page in both themes, wide and narrow: nothing that keeps people out (axe), nothing that runs over the edge, nothing the browser complains about.
/// COUNTERSIGN_PICTURES names a folder to keep pictures in.
/// </summary>
public sealed class PagesTests
{
    private static readonly string[] Pages =
    [
        "/", "/requests", "/requests?state=Issued", "/requests/new", "/certificates", "/certificates?q=nothing", "/authorities", "/authorities/new", "/profiles", "/profiles/tls-server", "/enrolment",
        "/audit", "/administrators", "/sessions", "/tokens", "/account", "/settings", "/help/telephone", "/not-found", "/nothing/here", "/certificates?sort=until",
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
        var authority = await Href(browser, "/authorities", ".list .row-title");

        var faults = new List<string>();
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 1440, 390 })
            {
                await browser.Page.SetViewportSizeAsync(width, 900);
                await browser.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
                foreach (var path in Pages.Concat([waiting, approved, certificate!, $"{certificate}?dialog=revoke", authority!]))
                {
                    var answer = await browser.Go(path);
                    (answer.Status is 200 or 404).ShouldBeTrue($"{path}: {answer.Status}");
                    faults.AddRange(await browser.Barriers());
                    var over = await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                    if (over > 0)
                    {
                        faults.Add($"{path} at {width}: {over} pixels over the edge");
                    }

                    await Keep(browser.Page, $"{Name(path, waiting, approved, certificate!, authority!)}-{theme.ToString().ToLowerInvariant()}-{width}.png");
                }
            }
        }

        faults.Distinct().ShouldBeEmpty();
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

    private static async Task<string?> Href(ConsoleBrowser browser, string path, string selector)
    {
        await browser.Go(path);
        return await browser.Page.Locator(selector).First.GetAttributeAsync("href");
    }

    private static string Name(string path, string waiting, string approved, string certificate, string authority) => path switch
    {
        "/" => "start",
        _ when path == waiting => "request",
        _ when path == approved => "request-approved",
        _ when path == certificate => "certificate",
        _ when path == authority => "authority",
        _ when path.Contains("dialog", StringComparison.Ordinal) => "revoke",
        _ => path.Trim('/').Replace('/', '-').Replace('?', '-').Replace('=', '-'),
    };

    private static async Task Keep(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("COUNTERSIGN_PICTURES") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name) });
        }
    }
}
