using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>
/// What the browser shows, in both themes, wide and narrow: what keeps people out (axe) and what runs over the edge. COUNTERSIGN_PICTURES names a
/// folder to keep pictures in.
/// </summary>
internal sealed class Looks(ConsoleBrowser browser)
{
    private static readonly int[] Widths = [1440, 390];
    private static readonly ColorScheme[] Themes = [ColorScheme.Light, ColorScheme.Dark];
    private readonly List<string> _faults = [];

    internal IEnumerable<string> Faults => _faults.Distinct();

    /// <summary>Opens a page and looks at it.</summary>
    internal async Task At(string path, string name)
    {
        var answer = await browser.Go(path);
        (answer.Status is 200 or 403 or 404 or 422).ShouldBeTrue($"{path}: {answer.Status}");
        await Now(name);
    }

    /// <summary>Looks at the page that is open.</summary>
    internal async Task Now(string name)
    {
        foreach (var theme in Themes)
        {
            await browser.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
            await Assertions.Expect(browser.Page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", theme.ToString().ToLowerInvariant());
            foreach (var width in Widths)
            {
                await browser.Page.SetViewportSizeAsync(width, 900);
                // Contrast depends on the theme and order on the width: two of the four looks meet both of each.
                if (theme == ColorScheme.Light == (width == Widths[0]))
                {
                    _faults.AddRange(await browser.Barriers());
                }

                var over = await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                if (over > 0)
                {
                    _faults.Add($"{name} at {width}: {over} pixels over the edge");
                }

                await Keep($"{name}-{theme.ToString().ToLowerInvariant()}-{width}.png");
            }
        }

        await browser.Page.SetViewportSizeAsync(Widths[0], 900);
    }

    private async Task Keep(string name)
    {
        if (Environment.GetEnvironmentVariable("COUNTERSIGN_PICTURES") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            await browser.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name), FullPage = true });
        }
    }
}
