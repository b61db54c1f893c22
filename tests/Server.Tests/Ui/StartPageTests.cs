using System.Net;
using Countersign.Server.Tests.Access;

namespace Countersign.Server.Tests.Ui;

public sealed class StartPageTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Says_of_what_happened_whom_or_what_it_was_about(string database)
    {
        await using var company = await Company.Start(database);
        await company.Issue("phone.example.test", "tls-client");
        var browser = new Browser(company.Server);
        await browser.SignIn(company.Organisation);

        var page = WebUtility.HtmlDecode(await (await browser.Get("/")).Content.ReadAsStringAsync());

        page.ShouldContain("Certificate: Issued · phone.example.test");
    }
}
