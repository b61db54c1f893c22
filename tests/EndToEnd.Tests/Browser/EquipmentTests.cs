using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>Servers and the places for their certificates, by somebody with a browser and a vendor's mail.</summary>
public sealed class EquipmentTests
{
    [Fact]
    public async Task A_server_gets_a_bought_certificate_and_then_one_of_our_own()
    {
        await using var browser = await ConsoleBrowser.AtAuthority();
        var looks = new Looks(browser);
        var page = browser.Page;
        await looks.At("/equipment", "equipment-empty");
        await looks.At("/equipment/new", "equipment-new");
        await page.Locator("[name=name]").FillAsync("hq");
        await page.Locator("[name=fqdn]").FillAsync("hq.example.test");
        await page.Locator("[name=otherNames]").FillAsync("192.0.2.10");
        await browser.Button("Add the server").ClickAsync();
        await browser.At("**?done=saved");
        await looks.Now("equipment-node");
        await page.Locator(".list a.row-title").First.ClickAsync();
        await browser.At("**/slots/*");
        var slot = new Uri(page.Url).AbsolutePath;
        await Assertions.Expect(page.Locator(".notice-warn")).ToContainTextAsync("not secure");
        await looks.Now("slot-empty");

        await Make("Request", "ecP256");
        await looks.Now("slot-request");
        var csr = await (await page.Context.APIRequest.GetAsync(browser.Server.Address + slot + "/request.csr")).TextAsync();
        await page.Locator("[name=pem]").FillAsync(Signed(csr, out var chain));
        await browser.Button("Import").Last.ClickAsync();
        await Assertions.Expect(page.Locator(".notice-bad")).ToContainTextAsync("CN=Vendor Issuing");
        await looks.Now("slot-refused");
        await page.Locator("[name=pem]").FillAsync(chain + await page.Locator("[name=pem]").InputValueAsync());
        await browser.Button("Import").Last.ClickAsync();
        await browser.At("**?done=slot-imported");
        await looks.Now("slot-pending");
        await browser.Button("I saw that it is in use").ClickAsync();
        await browser.At("**?done=slot-active");
        await Assertions.Expect(page.Locator(".page-head .status-word")).ToHaveTextAsync("Good");

        await page.Locator("[name=exportable]").CheckAsync();
        await Make("Certificate", "ecP256");
        await browser.Button("Ask for certificate and key").ClickAsync();
        await browser.At("**?done=key-asked");
        await browser.Button("Agree").ClickAsync();
        await Assertions.Expect(page.Locator(".notice-bad")).ToContainTextAsync("Nobody approves their own request");
        await looks.Now("slot-key");
        await browser.Go(slot);
        await browser.Button("I saw that it is in use").ClickAsync();
        await browser.At("**?done=slot-active");
        await looks.Now("slot-active");
        await Assertions.Expect(page.Locator("tbody .status-word")).ToHaveTextAsync(["In use", "Replaced"]);
        await looks.At("/equipment", "equipment");

        await browser.Go("/equipment");
        await page.Locator(".list a.row-title").First.ClickAsync();
        await browser.Link("Remove").ClickAsync();
        await Assertions.Expect(page.Locator("dialog[open]")).ToContainTextAsync("CN=hq.example.test");
        await looks.Now("equipment-remove");
        await page.Locator("dialog[open] button[type=submit]").ClickAsync();
        await browser.At("**/equipment?done=saved");

        looks.Faults.ShouldBeEmpty();
        browser.Complaints.ShouldBeEmpty();

        async Task Make(string way, string keyType)
        {
            await page.Locator($"[name=make][value={way}]").CheckAsync();
            await page.Locator("[name=KeyType]").SelectOptionAsync(keyType);
            await browser.Button("Make it").ClickAsync();
            await browser.At("**?done=slot-made");
        }
    }

    /// <summary>What a vendor mails back: the certificate, and for those who ask again the rest.</summary>
    private static string Signed(string csr, out string chain)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issuingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        var root = new CertificateRequest("CN=Vendor Root", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var rootCertificate = root.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        var issuing = new CertificateRequest("CN=Vendor Issuing", issuingKey, HashAlgorithmName.SHA256);
        issuing.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var issuingCertificate = issuing.Create(rootCertificate.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), now.AddDays(-1), now.AddYears(5), [1, 2, 3]);
        var leaf = CertificateRequest.LoadSigningRequestPem(csr, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = leaf.Create(issuingCertificate.SubjectName, X509SignatureGenerator.CreateForECDsa(issuingKey), now.AddHours(-1), now.AddDays(199), [4, 5, 6]);
        chain = rootCertificate.ExportCertificatePem() + "\n" + issuingCertificate.ExportCertificatePem() + "\n";
        return certificate.ExportCertificatePem();
    }
}
