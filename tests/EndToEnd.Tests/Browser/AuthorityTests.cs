using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>Authorities imported, replaced, rolled over and retired by clicking.</summary>
public sealed class AuthorityTests
{
    private const string Wrong = "not the passphrase of the root";

    [Fact, Trait("Scenario", "CA-A6"), Trait("Scenario", "CA-A7")]
    public async Task An_authority_is_imported_as_text_after_the_page_refused_a_key_that_does_not_match()
    {
        await using var browser = await ConsoleBrowser.AtNewServer();
        using var root = Root("CN=Company Root, O=Example Telecom");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        await ChooseImport(browser);
        var pasted = root.ExportCertificatePem() + "\n" + other.ExportPkcs8PrivateKeyPem();
        await browser.Page.Locator("[name=pem]").FillAsync(pasted);
        await browser.Button("Import the authority").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-bad")).ToContainTextAsync("key_mismatch");
        await Assertions.Expect(browser.Page.Locator("[name=pem]")).ToHaveValueAsync(pasted);
        await Assertions.Expect(browser.Page.Locator("[name=way][value=import]")).ToBeCheckedAsync();
        (await browser.Barriers()).ShouldBeEmpty();

        using var key = root.GetECDsaPrivateKey()!;
        await browser.Page.Locator("[name=forget]").FillAsync("forget");
        await browser.Page.Locator("[name=pem]").FillAsync("Our root:\r\n" + root.ExportCertificatePem() + "\r\n" + key.ExportPkcs8PrivateKeyPem());
        await browser.Button("Import the authority").ClickAsync();
        await browser.Heading("Keep the passphrase of the root").WaitForAsync();
        await browser.Page.Locator("a.btn-primary").ClickAsync();
        await Assertions.Expect(browser.Page.Locator("h1")).ToHaveTextAsync("Company Root Issuing");
        await Assertions.Expect(browser.Page.Locator(".chain")).ToContainTextAsync("Company Root");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact, Trait("Scenario", "CA-A6"), Trait("Scenario", "CA-A7")]
    public async Task An_authority_is_imported_from_a_PKCS12_file_with_its_password()
    {
        await using var browser = await ConsoleBrowser.AtNewServer();
        using var root = Root("CN=File Root, O=Example Telecom");
        var file = new FilePayload { Name = "root.p12", MimeType = "application/x-pkcs12", Buffer = root.Export(X509ContentType.Pkcs12, "secret of the file") };

        foreach (var password in new[] { "another secret", "secret of the file" })
        {
            await ChooseImport(browser);
            await browser.Page.Locator("[name=p12]").SetInputFilesAsync(file);
            await browser.Page.Locator("[name=password]").FillAsync(password);
            await browser.Page.Locator("[name=forget]").FillAsync("forget");
            await browser.Page.Locator("[name=passphrase]").FillAsync(ConsoleBrowser.RootPassphrase);
            await browser.Page.Locator("[name=passphraseAgain]").FillAsync(ConsoleBrowser.RootPassphrase);
            await browser.Button("Import the authority").ClickAsync();
            if (password == "another secret")
            {
                await Assertions.Expect(browser.Page.Locator(".notice-bad")).ToContainTextAsync("The password does not open this file");
                await Assertions.Expect(browser.Page.GetByText("choose it again")).ToBeVisibleAsync();
            }
        }

        await Assertions.Expect(browser.Page.Locator("h1")).ToHaveTextAsync("File Root Issuing");
        await browser.Approve(await browser.Submit("sip.example.test"));
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact, Trait("Scenario", "CA-A3"), Trait("Scenario", "CA-A4")]
    public async Task Replacing_an_authority_shows_what_stops_and_wants_the_number()
    {
        await using var browser = await ConsoleBrowser.AtAuthority("sip.example.test", "turn.example.test");

        await browser.Go("/authorities/new");
        await Choose(browser, "mode", "Replace");
        await browser.Page.Locator("[name=cn]").FillAsync("Second generation");
        var stops = browser.Page.Locator(".stops .chip");
        await Assertions.Expect(stops).ToHaveCountAsync(2);
        await Assertions.Expect(stops.First).ToContainTextAsync("sip.example.test");
        await browser.Fill("To go on, type the number of certificates that stop: 2", "3");
        await browser.Page.Locator("[name=passphrase]").FillAsync(ConsoleBrowser.RootPassphrase);
        await browser.Page.Locator("[name=passphraseAgain]").FillAsync(ConsoleBrowser.RootPassphrase);
        await browser.Button("Generate the authority").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-bad")).ToContainTextAsync("2 certificates stop working");
        await Assertions.Expect(browser.Page.Locator("[name=cn]")).ToHaveValueAsync("Second generation");
        (await browser.Barriers()).ShouldBeEmpty();

        await browser.Page.Locator("[name=confirm]").FillAsync("2");
        await browser.Button("Generate the authority").ClickAsync();
        await browser.Heading("Keep the passphrase of the root").WaitForAsync();
        await browser.Page.Locator("a.btn-primary").ClickAsync();
        await Assertions.Expect(browser.Page.Locator("h1")).ToContainTextAsync("Second generation");
        await MarkedAsRevoked(browser, "sip.example.test");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact, Trait("Scenario", "CA-A5")]
    public async Task Rolling_over_shows_who_has_moved_until_the_old_generation_retires_without_loss()
    {
        await using var browser = await ConsoleBrowser.AtAuthority("sip.example.test", "turn.example.test");
        await browser.Go("/authorities");
        await browser.Link("Details and rollover").ClickAsync();
        await browser.At("**/authorities/*");
        var former = new Uri(browser.Page.Url).AbsolutePath;

        // A wrong passphrase changes nothing, and the rest of the form stays as it was.
        await browser.Link("Roll over …").ClickAsync();
        var dialog = browser.Page.Locator("dialog[open]");
        await dialog.Locator("[name=key]").SelectOptionAsync("ecP384");
        await dialog.Locator("[name=passphrase]").FillAsync(Wrong);
        await browser.Button("Make the new generation").ClickAsync();
        await Assertions.Expect(dialog.Locator(".notice-bad")).ToContainTextAsync("The passphrase does not open the root's key");
        await Assertions.Expect(dialog.Locator("[name=key]")).ToHaveValueAsync("ecP384");
        await dialog.Locator("[name=passphrase]").FillAsync(ConsoleBrowser.RootPassphrase);
        await browser.Button("Make the new generation").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-ok")).ToContainTextAsync("The new generation signs from now on");

        await browser.Go(former);
        await Assertions.Expect(browser.Page.Locator(".panel-head strong").First).ToHaveTextAsync("0 of 2");
        await Assertions.Expect(browser.Page.Locator(".not-moved .chip")).ToHaveCountAsync(2);
        await browser.Approve(await browser.Submit("sip.example.test"));
        await browser.Go(former);
        await Assertions.Expect(browser.Page.Locator(".not-moved .chip")).ToContainTextAsync(["turn.example.test"]);
        (await browser.Barriers()).ShouldBeEmpty();

        // One is left: retiring would stop it, so the number is asked for; a wrong passphrase keeps the number typed.
        await browser.Link("Retire …").ClickAsync();
        await dialog.Locator("[name=confirm]").FillAsync("2");
        await dialog.Locator("[name=passphrase]").FillAsync(Wrong);
        await browser.Button("Retire it").ClickAsync();
        await Assertions.Expect(dialog.Locator(".notice-bad")).ToContainTextAsync("The passphrase does not open the root's key");
        await Assertions.Expect(dialog.Locator("[name=confirm]")).ToHaveValueAsync("2");

        await browser.Approve(await browser.Submit("turn.example.test"));
        await browser.Go(former);
        await Assertions.Expect(browser.Page.Locator(".panel-head strong").First).ToHaveTextAsync("2 of 2");
        await Assertions.Expect(browser.Page.Locator(".not-moved")).ToHaveCountAsync(0);
        await browser.Link("Retire …").ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("Everybody has moved: nothing stops working.");
        await Assertions.Expect(dialog.Locator("[name=confirm]")).ToHaveCountAsync(0);
        await browser.Button("Retire it").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-ok")).ToContainTextAsync("It is retired");
        await Assertions.Expect(browser.Page.Locator(".page-head .status-word")).ToHaveTextAsync("Retired");
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lists_of_the_root_are_signed_anew_and_a_compromised_authority_wants_the_number_that_stops()
    {
        await using var browser = await ConsoleBrowser.AtAuthority("sip.example.test");
        var dialog = browser.Page.Locator("dialog[open]");

        await browser.Go("/authorities");
        await browser.Page.Locator(".list .row-title").First.ClickAsync();
        await browser.Link("Sign new lists …").ClickAsync();
        (await browser.Barriers()).ShouldBeEmpty();
        await dialog.Locator("[name=passphrase]").FillAsync(Wrong);
        await browser.Button("Sign the lists").ClickAsync();
        await Assertions.Expect(dialog.Locator(".notice-bad")).ToContainTextAsync("The passphrase does not open the root's key");
        await dialog.Locator("[name=passphrase]").FillAsync(ConsoleBrowser.RootPassphrase);
        await browser.Button("Sign the lists").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-ok")).ToContainTextAsync("the next twelve months are signed");

        await browser.Go("/authorities");
        await browser.Link("Details and rollover").ClickAsync();
        await browser.Link("Key in other hands …").ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("1 certificate stops working at once");
        await Assertions.Expect(dialog.Locator(".stops .chip")).ToContainTextAsync(["sip.example.test"]);
        await Assertions.Expect(dialog.Locator("[name=passphrase]")).ToHaveAttributeAsync("required", "");
        (await browser.Barriers()).ShouldBeEmpty();
        await dialog.Locator("[name=confirm]").FillAsync("2");
        await dialog.Locator("[name=passphrase]").FillAsync(ConsoleBrowser.RootPassphrase);
        await browser.Button("Refuse all of it").ClickAsync();
        await Assertions.Expect(dialog.Locator(".notice-bad")).ToBeVisibleAsync();
        await Assertions.Expect(dialog.Locator("[name=confirm]")).ToHaveValueAsync("2");
        await dialog.Locator("[name=confirm]").FillAsync("1");
        await dialog.Locator("[name=passphrase]").FillAsync(ConsoleBrowser.RootPassphrase);
        await browser.Button("Refuse all of it").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".notice-ok")).ToContainTextAsync("Nothing it signed is accepted any more");
        await Assertions.Expect(browser.Page.Locator(".page-head .status-word")).ToHaveTextAsync("Compromised");

        await MarkedAsRevoked(browser, "sip.example.test");
        browser.Complaints.ShouldBeEmpty();
    }

    /// <summary>What an authority had issued is marked in the inventory after the act that ended it, by itself.</summary>
    private static Task MarkedAsRevoked(ConsoleBrowser browser, string name) => Patience.Until(
        async () =>
        {
            await browser.Go($"/certificates?q={name}");
            return await browser.Page.Locator("tbody .status-word").AllInnerTextsAsync() is [var only] && only.Trim() == "Revoked";
        },
        "the certificate stays active");

    private static async Task ChooseImport(ConsoleBrowser browser)
    {
        await browser.Go("/authorities/new");
        await Choose(browser, "way", "import");
    }

    private static Task Choose(ConsoleBrowser browser, string name, string value) =>
        browser.Page.Locator($"label:has([name={name}][value={value}])").ClickAsync();

    /// <summary>A root as another program makes it.</summary>
    private static X509Certificate2 Root(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(20));
    }
}
