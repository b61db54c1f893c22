using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>Passkeys with the authenticator Chromium simulates (WebAuthn, through the DevTools protocol).</summary>
public sealed class PasskeyTests
{
    [Fact]
    public async Task The_first_administrator_enrols_a_passkey_and_signs_in_with_it()
    {
        await using var server = await ConsoleServer.Start("localhost");
        await using var browser = await ConsoleBrowser.Open(server);
        await using var device = await Authenticator.Plug(browser.Page);
        await browser.SetUpAdministrator();
        await AddPasskey(browser, "Laptop");
        await browser.Link("I have kept them").ClickAsync();

        await browser.Go("/account");
        await Assertions.Expect(browser.Page.Locator(".factors li")).ToHaveCountAsync(1);
        await Assertions.Expect(browser.Page.Locator(".factors")).ToContainTextAsync("Laptop");
        await Assertions.Expect(browser.Page.GetByText("The last second factor cannot be removed")).ToBeVisibleAsync();
        await browser.SignOut();
        await browser.SignInWithPassword();
        await Press(browser, "Use a passkey");
        await Assertions.Expect(browser.Page.Locator("h1")).ToHaveTextAsync("Today");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_passkey_that_is_somebody_elses_or_altered_lets_nobody_in()
    {
        await using var server = await ConsoleServer.Start("localhost");
        await using var browser = await ConsoleBrowser.Open(server);
        await using (var device = await Authenticator.Plug(browser.Page))
        {
            await browser.SetUpAdministrator();
            await AddPasskey(browser, "Laptop");
            await browser.Link("I have kept them").ClickAsync();
            await browser.Go("/account");
            await browser.SignOut();
            await browser.SignInWithPassword();

            // The signature is over another challenge: the answer of a ceremony before this one.
            await browser.Page.EvaluateAsync("""
                () => {
                  const real = PublicKeyCredential.parseRequestOptionsFromJSON;
                  PublicKeyCredential.parseRequestOptionsFromJSON = options => real({ ...options, challenge: "AAAAAAAAAAAAAAAAAAAAAA" });
                }
                """);
            await Press(browser, "Use a passkey");
            await Assertions.Expect(browser.Page.Locator(".notice-bad")).ToContainTextAsync("The code is not right");
            (await browser.Go("/requests")).Url.ShouldContain("/signin");
        }

        // Another device, which has no passkey of this account.
        await using var foreign = await Authenticator.Plug(browser.Page);
        await browser.Go("/signin");
        await browser.SignInWithPassword();
        await Press(browser, "Use a passkey");
        await Assertions.Expect(browser.Page.Locator("[data-passkey-failed]")).ToContainTextAsync("No passkey was used");
        (await browser.Go("/requests")).Url.ShouldContain("/signin");
    }

    [Fact]
    public async Task Second_factors_are_removed_one_by_one_but_never_the_last()
    {
        await using var server = await ConsoleServer.Start("localhost");
        await using var browser = await ConsoleBrowser.Open(server);
        await using var device = await Authenticator.Plug(browser.Page);
        await browser.SetUp();
        await browser.Go("/account/enrol");
        await AddPasskey(browser, "Key in the safe");
        await browser.Go("/account");
        var factors = browser.Page.Locator(".factors li");
        await Assertions.Expect(factors).ToHaveCountAsync(2);

        var totp = factors.Filter(new LocatorFilterOptions { HasText = "Authenticator app" });
        var passkeyDialog = await factors.Filter(new LocatorFilterOptions { HasText = "Key in the safe" }).GetByRole(AriaRole.Link).GetAttributeAsync("href");
        await totp.GetByRole(AriaRole.Link).ClickAsync();
        (await browser.Barriers()).ShouldBeEmpty();

        // In another window the other one is about to be removed: whoever is second finds it is the last.
        var elsewhere = await browser.Page.Context.NewPageAsync();
        await elsewhere.GotoAsync(server.Address + passkeyDialog);
        await browser.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-ok")).ToContainTextAsync("removed");
        await Assertions.Expect(factors).ToHaveCountAsync(1);
        await elsewhere.Locator("dialog[open]").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(elsewhere.Locator(".notice-bad")).ToContainTextAsync("last second factor");

        await browser.Go("/audit");
        await Assertions.Expect(browser.Page.GetByText("Second factor removed")).ToBeVisibleAsync();
        await browser.SignOut();
        await browser.SignInWithPassword();
        await Assertions.Expect(browser.Button("Use a passkey")).ToBeVisibleAsync();
        await Assertions.Expect(browser.Page.GetByLabel("Code from your authenticator")).ToHaveCountAsync(0);
        await Press(browser, "Use a passkey");
        await Assertions.Expect(browser.Page.Locator("h1")).ToHaveTextAsync("Today");
    }

    [Fact]
    public async Task At_an_IP_address_the_page_says_that_passkeys_do_not_work_there()
    {
        await using var server = await ConsoleServer.Start();
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUpAdministrator();
        await Assertions.Expect(browser.Page.Locator("[data-passkey-address]")).ToContainTextAsync("127.0.0.1 is an IP address");
        await Assertions.Expect(browser.Button("Add a passkey")).ToHaveCountAsync(0);
        (await browser.Barriers()).ShouldBeEmpty();
    }

    /// <summary>What asks the device is a script: pressed before it is there, the form would be sent without an answer.</summary>
    private static async Task Press(ConsoleBrowser browser, string name)
    {
        await browser.Button(name).WaitForAsync();
        await browser.Page.WaitForLoadStateAsync(LoadState.Load);
        await browser.Button(name).ClickAsync();
    }

    private static async Task AddPasskey(ConsoleBrowser browser, string name)
    {
        await browser.Fill("Name of the passkey", name);
        await Press(browser, "Add a passkey");
        await browser.Heading("Keep these recovery codes").WaitForAsync();
    }

    /// <summary>A device with a fingerprint reader that always says yes, until it is disposed.</summary>
    private sealed class Authenticator(ICDPSession session, string id) : IAsyncDisposable
    {
        internal static async Task<Authenticator> Plug(IPage page)
        {
            var session = await page.Context.NewCDPSessionAsync(page);
            await session.SendAsync("WebAuthn.enable");
            var made = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
            {
                ["options"] = new
                {
                    protocol = "ctap2",
                    transport = "internal",
                    hasResidentKey = true,
                    hasUserVerification = true,
                    isUserVerified = true,
                    automaticPresenceSimulation = true,
                },
            });
            return new Authenticator(session, made!.Value.GetProperty("authenticatorId").GetString()!);
        }

        public async ValueTask DisposeAsync()
        {
            await session.SendAsync("WebAuthn.removeVirtualAuthenticator", new Dictionary<string, object> { ["authenticatorId"] = id });
            await session.DetachAsync();
        }
    }
}
