using System.Security.Cryptography;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>Debian's Chromium at the console of one server, as the first administrator.</summary>
internal sealed class ConsoleBrowser : IAsyncDisposable
{
    // The browser's driver can miss that a page has been loaded when that happens while it begins to wait: that is asked for apart.
    private static readonly PageWaitForURLOptions AddressAlone = new() { WaitUntil = WaitUntilState.Commit };

    internal const string Administrator = "Alex Berger";
    internal const string RootPassphrase = "root passphrase of the tests";
    internal const string Password = "correct horse battery staple";

    /// <summary>Milliseconds until something that should be there is missed. Only a failure takes that long, however busy the machine is.</summary>
    private const float Patient = 60_000;

    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _complaints = [];
    private byte[] _totp = [];
    private long _lastStep;
    private bool _ownsServer;

    private ConsoleBrowser(IPlaywright playwright, IBrowser browser, IPage page, ConsoleServer server)
    {
        (_playwright, _browser, Page, Server) = (playwright, browser, page, server);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("status of 4", StringComparison.Ordinal))
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    internal IPage Page { get; }

    internal ConsoleServer Server { get; }

    /// <summary>What the browser complained about: scripts that failed, content the policy blocked.</summary>
    internal IReadOnlyList<string> Complaints => _complaints;

    internal static async Task<ConsoleBrowser> Open(ConsoleServer server)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { IgnoreHTTPSErrors = true, ViewportSize = new ViewportSize { Width = 1440, Height = 900 }, Locale = "en-GB" });
        context.SetDefaultTimeout(Patient);
        Assertions.SetDefaultExpectTimeout(Patient);
        return new ConsoleBrowser(playwright, browser, await context.NewPageAsync(), server);
    }

    /// <summary>A server of its own, set up as far as the authority, and a browser at it; both end together.</summary>
    internal static async Task<ConsoleBrowser> AtNewServer(params string[] options)
    {
        var server = await ConsoleServer.Start("127.0.0.1", options);
        try
        {
            var browser = await Open(server);
            browser._ownsServer = true;
            await browser.SetUp();
            return browser;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same with an authority that issued a certificate for each name, and none for the server, so that those counted are those named.</summary>
    internal static async Task<ConsoleBrowser> AtAuthority(params string[] names)
    {
        var browser = await AtNewServer("--own-certificate", "false");
        await browser.MakeAuthority();
        foreach (var name in names)
        {
            await browser.Approve(await browser.Submit(name));
        }

        return browser;
    }

    internal async Task<IResponse> Go(string path) => (await Page.GotoAsync(Server.Address + path))!;

    /// <summary>Waits until it is at this address and the page is there.</summary>
    internal async Task At(string pattern)
    {
        await Page.WaitForURLAsync(pattern, AddressAlone);
        await Loaded();
    }

    internal ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name });

    internal ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name });

    internal ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = name });

    internal Task Fill(string label, string text) => Page.GetByLabel(label).First.FillAsync(text);

    /// <summary>Goes through the whole set-up: code, organisation, administrator with an authenticator, authority.</summary>
    internal async Task SetUp()
    {
        await SetUpAdministrator();
        await EnrolAuthenticator();
        await Link("I have kept them").ClickAsync();
    }

    /// <summary>Set-up as far as the page that wants a second factor.</summary>
    /// <param name="look">Looks at each step before it is left; told its name.</param>
    internal async Task SetUpAdministrator(Func<string, Task>? look = null)
    {
        await Go("/");
        await (look?.Invoke("setup-code") ?? Task.CompletedTask);
        await Fill("Set-up code", Server.SetupCode!);
        await Button("Next").ClickAsync();
        await Fill("Name of the organisation", "Example Telecom");
        await Page.Locator("[name=o]").FillAsync("Example Telecom Ltd");
        await Fill("City", "Springfield");
        await Fill("Country", "US");
        await (look?.Invoke("setup-organisation") ?? Task.CompletedTask);
        await Button("Next").ClickAsync();
        await Fill("Sign-in name", Administrator);
        await Page.Locator("[name=password]").FillAsync(Password);
        await Page.Locator("[name=again]").FillAsync(Password);
        await (look?.Invoke("setup-administrator") ?? Task.CompletedTask);
        await Button("Next").ClickAsync();
        await Heading("A second factor").WaitForAsync();
    }

    internal async Task EnrolAuthenticator()
    {
        var secret = await Page.Locator(".with-qr .copy-text code").InnerTextAsync();
        _totp = FromBase32(secret);
        await Fill("Code from your authenticator", await FreshCode());
        await Button("Confirm the code").ClickAsync();
        await Heading("Keep these recovery codes").WaitForAsync();
    }

    /// <summary>Makes an authority of two tiers with P-256 keys, on the page set-up leads to.</summary>
    internal async Task MakeAuthority()
    {
        await Go("/authorities/new");
        await Page.Locator("[name=passphrase]").FillAsync(RootPassphrase);
        await Page.Locator("[name=passphraseAgain]").FillAsync(RootPassphrase);
        await Button("Generate the authority").ClickAsync();
        await Page.WaitForURLAsync(url => !url.EndsWith("/authorities/new", StringComparison.Ordinal), AddressAlone);
        await Loaded();
    }

    private Task Loaded() =>
        Patience.Until(async () => await Page.EvaluateAsync<string>("() => document.readyState") == "complete", "the page never finished loading");

    internal async Task SignOut()
    {
        await Page.Locator(".account > summary").First.ClickAsync();
        await Button("Sign out").ClickAsync();
        await Heading("Sign in").WaitForAsync();
    }

    internal async Task SignIn()
    {
        await SignInWithPassword();
        await Fill("Code from your authenticator", await FreshCode());
        await Button("Sign in").ClickAsync();
    }

    internal async Task SignInWithPassword()
    {
        await Fill("Sign-in name", Administrator);
        await Fill("Password", Password);
        await Button("Sign in").ClickAsync();
    }

    /// <summary>Puts a request of a fresh key into the queue through the page and returns its address.</summary>
    internal async Task<string> Submit(string name, params string[] names)
    {
        await Go("/requests/new");
        await Page.Locator("[name=csr]").FillAsync(Csr(name, names));
        await Fill("Who is it for?", name);
        await Button("Put into the queue").ClickAsync();
        await At("**/requests/*?done=submitted");
        return new Uri(Page.Url).AbsolutePath;
    }

    internal async Task Approve(string request)
    {
        await Go(request);
        await Fill("How did you check who asks?", "Called back on the number on file.");
        await Button("Approve").ClickAsync();
        await At("**?done=approved");
    }

    /// <summary>A request as any client makes it.</summary>
    internal static string Csr(string name, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var sans = new System.Security.Cryptography.X509Certificates.SubjectAlternativeNameBuilder();
        foreach (var one in names.DefaultIfEmpty(name))
        {
            sans.AddDnsName(one);
        }

        request.CertificateExtensions.Add(sans.Build());
        return request.CreateSigningRequestPem();
    }

    /// <summary>Rules of WCAG 2.2 AA that this page breaks seriously.</summary>
    internal async Task<IReadOnlyList<string>> Barriers()
    {
        // What lies under an open dialog is out of reach, and what lies half under it is measured wrongly.
        var dialog = Page.Locator("dialog[open]");
        var result = await dialog.CountAsync() > 0 ? await dialog.RunAxe() : await Page.RunAxe();
        return [.. result.Violations.Where(v => v.Impact is "serious" or "critical").Select(v =>
            $"{Page.Url}: {v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}")];
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        if (_ownsServer)
        {
            await Server.DisposeAsync();
        }
    }

    /// <summary>A code that was not used yet: one counts once, so the next time step is waited for where needed.</summary>
    private async Task<string> FreshCode()
    {
        long Step() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30;
        while (Step() <= _lastStep)
        {
            await Page.WaitForTimeoutAsync(500);
        }

        _lastStep = Step();
        return Totp(_totp, _lastStep);
    }

    private static string Totp(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // RFC 6238 authenticators use HMAC-SHA-1
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var at = hash[^1] & 0xf;
        var number = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(at)) & 0x7fffffff;
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static byte[] FromBase32(string text)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var (bytes, buffer, bits) = (new List<byte>(), 0, 0);
        foreach (var c in text.ToUpperInvariant().Where(Alphabet.Contains))
        {
            buffer = ((buffer << 5) | Alphabet.IndexOf(c, StringComparison.Ordinal)) & 0xffff;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
            }
        }

        return [.. bytes];
    }
}
