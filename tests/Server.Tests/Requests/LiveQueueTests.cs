using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Tests.Access;
using Countersign.Server.Tests.Authorities;

namespace Countersign.Server.Tests.Requests;

public sealed class LiveQueueTests
{
    [Fact]
    public async Task Tells_an_open_page_of_a_request_that_another_server_took_in()
    {
        var options = await Databases.Options(Databases.PostgreSql);
        await using var first = await TestServer.Start(options);
        await using var second = await first.StartBeside(options);
        var organisation = await first.Initialise();
        await organisation.CreateAuthority();
        var officer = AuthorityScene.Client(first, await organisation.Client(Role.CaOfficer));
        var browser = new Browser(second);
        await browser.SignIn(organisation);
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/requests/live");
        ask.Headers.Add("Cookie", string.Join("; ", browser.Cookies.Select(c => $"{c.Key}={c.Value}")));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var page = await second.Client().SendAsync(ask, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        using var lines = new StreamReader(await page.Content.ReadAsStreamAsync(patience.Token));
        (await lines.ReadLineAsync(patience.Token)).ShouldBe("retry: 3000");
        using var csr = TestCsr.New("pbx.example.test", "pbx.example.test");
        await officer.Submit(new SubmitRequest { Csr = csr.Pem }, default);

        string? line;
        do
        {
            line = await lines.ReadLineAsync(patience.Token);
        }
        while (line is not null and not "event: changed");
        line.ShouldBe("event: changed");
    }
}
