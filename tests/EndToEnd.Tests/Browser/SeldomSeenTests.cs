using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>What is seen only when something is missing, refused or about to end: as open to everybody as the rest.</summary>
public sealed class SeldomSeenTests
{
    [Fact]
    public async Task Lists_with_nothing_in_them_say_so_and_what_to_do()
    {
        await using var browser = await ConsoleBrowser.AtNewServer("--own-certificate", "false");
        var looks = new Looks(browser);
        foreach (var path in new[] { "/", "/authorities", "/requests", "/certificates", "/requests/new" })
        {
            await looks.At(path, "no-authority-" + Name(path));
        }

        await browser.MakeAuthority();
        foreach (var path in new[]
        {
            "/", "/requests", "/requests?state=Issued", "/requests?state=Rejected", "/requests?state=Expired", "/requests?state=All", "/requests?door=window", "/requests?text=nothing",
            "/certificates", "/certificates?state=Revoked", "/enrolment", "/tokens", "/audit?text=nothing", "/requests/00", "/certificates/00", "/authorities/00", "/requests.csv?door=window",
        })
        {
            await looks.At(path, "empty-" + Name(path));
        }

        looks.Faults.ShouldBeEmpty();
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_with_everything_wrong_and_decisions_on_many()
    {
        await using var browser = await ConsoleBrowser.AtAuthority();
        var looks = new Looks(browser);
        var page = browser.Page;
        await browser.Go("/tokens?dialog=new");
        await page.Locator("dialog[open] [name=name]").FillAsync("branch office");
        await page.Locator("dialog[open] [name=names]").FillAsync("west.example.test");
        await page.Locator("dialog[open] button[type=submit]").ClickAsync();
        var secret = await page.Locator(".notice-ok .copy-text code").InnerTextAsync();
        var odd = await page.Context.APIRequest.PostAsync(browser.Server.Address + "/api/v1/requests", new APIRequestContextOptions
        {
            Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer " + secret },
            DataObject = new { csr = OddRequest(), profile = "tls-server" },
        });
        odd.Status.ShouldBe(202, await odd.TextAsync());
        await browser.Submit("west.example.test");
        await browser.Submit("west2.example.test");

        await looks.At("/requests?text=west", "queue-filtered");
        await browser.Link("a_very_long_host_name").First.ClickAsync();
        await Assertions.Expect(page.Locator(".timeline .status-word")).Not.ToHaveCountAsync(0);
        await looks.Now("request-findings");
        await browser.Fill("How did you check who asks?", "Called back on the number on file.");
        await browser.Button("Approve").ClickAsync();
        await Assertions.Expect(page.Locator(".notice-bad")).ToBeVisibleAsync();
        await looks.Now("request-not-approved");

        await browser.Go("/requests?text=west");
        await page.Locator("input[data-all]").CheckAsync();
        await looks.Now("queue-chosen");
        await Bulk("Approve the chosen requests");
        await looks.Now("queue-approve");
        await page.Locator("dialog[open] [name=identity]").FillAsync("All are on the delivery note.");
        await page.Locator("dialog[open] [name=decision]").ClickAsync();
        await Assertions.Expect(page.Locator(".notice-warn")).ToContainTextAsync("2 decided, 1 not");
        await looks.Now("queue-approved");
        await page.Locator("input[data-all]").CheckAsync();
        await Bulk("Reject the chosen requests");
        await looks.Now("queue-reject");

        looks.Faults.ShouldBeEmpty();
        browser.Complaints.ShouldBeEmpty();

        Task Bulk(string name) => page.Locator(".bulk").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name }).ClickAsync();
    }

    [Fact]
    public async Task What_ends_something_and_a_sign_in_that_is_refused()
    {
        await using var browser = await ConsoleBrowser.AtAuthority("sip.example.test", "turn.example.test");
        var looks = new Looks(browser);
        var page = browser.Page;
        await browser.Go("/administrators");
        await page.Locator("tbody a.row-title, tbody .row-title a").First.ClickAsync();
        await browser.Link("Remove").ClickAsync();
        await looks.Now("administrator-remove");

        await browser.Go("/authorities/new");
        await page.Locator("label:has([name=mode][value=Replace])").ClickAsync();
        await Assertions.Expect(page.Locator(".stops .chip")).ToHaveCountAsync(2);
        await looks.Now("authority-replace");
        await page.Locator("[name=confirm]").FillAsync("3");
        await page.Locator("[name=passphrase]").FillAsync(ConsoleBrowser.RootPassphrase);
        await page.Locator("[name=passphraseAgain]").FillAsync(ConsoleBrowser.RootPassphrase);
        await browser.Button("Generate the authority").ClickAsync();
        await Assertions.Expect(page.Locator(".notice-bad")).ToBeVisibleAsync();
        await looks.Now("authority-replace-refused");

        await browser.Go("/authorities");
        await browser.Link("Details and rollover").ClickAsync();
        await browser.At("**/authorities/*");
        var former = new Uri(page.Url).AbsolutePath;
        await browser.Link("Roll over …").ClickAsync();
        await page.Locator("dialog[open] [name=passphrase]").FillAsync(ConsoleBrowser.RootPassphrase);
        await browser.Button("Make the new generation").ClickAsync();
        await Assertions.Expect(page.Locator(".notice-ok")).ToBeVisibleAsync();
        await looks.Now("authority-rolled-over");
        await looks.At(former, "authority-former");
        await looks.At(former + "?dialog=retire", "authority-retire");
        await looks.At("/authorities", "authorities-rolling-over");

        await browser.SignOut();
        for (var wrong = 1; wrong <= 6; wrong++)
        {
            await browser.Fill("Sign-in name", ConsoleBrowser.Administrator);
            await browser.Fill("Password", "not the password at all");
            await browser.Button("Sign in").ClickAsync();
            await Assertions.Expect(page.Locator(".notice-bad")).ToContainTextAsync(wrong == 6 ? "Too many wrong attempts" : "are not right");
            if (wrong is 1 or 6)
            {
                await looks.Now(wrong == 1 ? "signin-wrong" : "signin-locked");
            }
        }

        looks.Faults.ShouldBeEmpty();
        browser.Complaints.ShouldBeEmpty();
    }

    private static string Name(string path) => path == "/" ? "start" : path.Trim('/').Replace('/', '-').Replace('?', '-').Replace('=', '-');

    /// <summary>Names outside the allowance and the profile, a wildcard, a long name, parts that are dropped, an extension nobody knows.</summary>
    private static string OddRequest()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a_very_long_host_name_without_a_place_to_break_it.west.example, OU=Branch, serialNumber=4711", key, HashAlgorithmName.SHA256);
        var sans = new SubjectAlternativeNameBuilder();
        sans.AddDnsName("west.example.test");
        sans.AddDnsName("*.west.example.test");
        sans.AddDnsName("intranet");
        sans.AddDnsName("a-name-as-long-as-one-label-may-be-which-is-sixty-three-letters.another-long-label-in-the-middle-of-it.example.test");
        sans.AddIpAddress(System.Net.IPAddress.Parse("2001:db8::1"));
        sans.AddEmailAddress("office@example.test");
        request.CertificateExtensions.Add(sans.Build());
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.99999.1", [4, 0], critical: false));
        return request.CreateSigningRequestPem();
    }
}
