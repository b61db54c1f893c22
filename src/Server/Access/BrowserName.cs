namespace Countersign.Server.Access;

/// <summary>
/// What people call a browser and its system, from what it says of itself (RFC 9110, 10.1.5). Browsers name those they resemble as well, so the order
/// matters: the special before the general.
/// </summary>
internal static class BrowserName
{
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("HeadlessChrome/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"), ("FreeBSD", "FreeBSD"),
    ];

    /// <summary>Browser and system; null where it is none we know.</summary>
    internal static (string Browser, string? System)? Of(string? userAgent) =>
        Known(Browsers, userAgent) is { } browser ? (browser, Known(Systems, userAgent)) : null;

    private static string? Known((string Mark, string Name)[] all, string? userAgent) =>
        Array.Find(all, one => userAgent?.Contains(one.Mark, StringComparison.Ordinal) == true).Name;
}
