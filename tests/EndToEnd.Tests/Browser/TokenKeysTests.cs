using Countersign.EndToEnd.Tests.Keys;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>Authorities whose keys stay in a token (SoftHSM 2), made and rolled over by clicking.</summary>
public sealed class TokenKeysTests
{
    [Fact]
    public async Task An_authority_with_its_keys_in_a_token_is_made_and_rolled_over_and_an_address_that_names_no_key_keeps_the_form()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-e2e-").FullName;
        var token = await SoftToken.Make(folder);
        await token.MakeKey("root", "01", "EC:prime256v1");
        await token.MakeKey("issuing", "02", "EC:prime256v1");
        await token.MakeKey("next", "03", "EC:prime256v1");
        await using var server = await ConsoleServer.Start("127.0.0.1", token.Environment, "--token-pin-file", token.PinFile);
        await using var browser = await ConsoleBrowser.Open(server);
        await browser.SetUp();
        var page = browser.Page;

        // Neither something that is no address of a key nor a key that is not there makes an authority.
        await browser.Go("/authorities/new");
        await page.Locator("[name=cn]").FillAsync("Token CA");
        await page.Locator("fieldset:not([hidden]) > details.more > summary", new PageLocatorOptions { HasText = "hardware token" }).ClickAsync();
        await page.Locator("[name=rootKeyUri]").FillAsync("pkcs11:token=ca;object=root");
        foreach (var (wrong, code) in new[] { ("/etc/passwd", "malformed"), ("pkcs11:token=ca;object=nothing", "token_unavailable") })
        {
            await page.Locator("[name=issuingKeyUri]").FillAsync(wrong);
            await browser.Button("Generate the authority").ClickAsync();
            await Assertions.Expect(page.Locator(".notice-bad .refusal-code")).ToHaveTextAsync(code);
            await Assertions.Expect(page.Locator("[name=issuingKeyUri]")).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("[name=issuingKeyUri]")).ToHaveValueAsync(wrong);
            await Assertions.Expect(page.Locator("[name=rootKeyUri]")).ToHaveValueAsync("pkcs11:token=ca;object=root");
            await Assertions.Expect(page.Locator("[name=cn]")).ToHaveValueAsync("Token CA");
        }

        (await browser.Barriers()).ShouldBeEmpty();
        await page.Locator("[name=issuingKeyUri]").FillAsync("pkcs11:token=ca;object=issuing");
        await browser.Button("Generate the authority").ClickAsync();
        await browser.At("**?done=authority");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Token CA");
        await Assertions.Expect(page.GetByText("in a token (PKCS#11)")).ToBeVisibleAsync();
        await browser.Approve(await browser.Submit("sip.example.test"));

        // The token guards the root's key too: no passphrase is asked for.
        await browser.Go("/authorities");
        await browser.Link("Details and rollover").ClickAsync();
        await browser.Link("Roll over …").ClickAsync();
        var dialog = page.Locator("dialog[open]");
        await Assertions.Expect(dialog).ToContainTextAsync("key is in a hardware token");
        await Assertions.Expect(dialog.Locator("[name=passphrase]")).ToHaveCountAsync(0);
        await dialog.Locator("details.more > summary").ClickAsync();
        await dialog.Locator("[name=issuingKeyUri]").FillAsync("pkcs11:token=ca;object=nothing");
        await browser.Button("Make the new generation").ClickAsync();
        await Assertions.Expect(dialog.Locator(".refusal-code")).ToHaveTextAsync("token_unavailable");
        await Assertions.Expect(dialog.Locator("[name=issuingKeyUri]")).ToHaveValueAsync("pkcs11:token=ca;object=nothing");
        (await browser.Barriers()).ShouldBeEmpty();
        await dialog.Locator("[name=issuingKeyUri]").FillAsync("pkcs11:token=ca;object=next");
        await browser.Button("Make the new generation").ClickAsync();
        await Assertions.Expect(page.Locator(".notice-ok")).ToContainTextAsync("The new generation signs from now on");
        await Assertions.Expect(page.GetByText("in a token (PKCS#11)")).ToBeVisibleAsync();
        browser.Complaints.ShouldBeEmpty();
    }
}
