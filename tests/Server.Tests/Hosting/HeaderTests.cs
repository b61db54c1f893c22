using System.Net;
using Countersign.Server.Tests.Access;

namespace Countersign.Server.Tests.Hosting;

public sealed class HeaderTests
{
    [Fact]
    public async Task Gives_pages_a_strict_policy_with_a_nonce_of_their_own()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        var browser = new Browser(server);
        await browser.SignIn(organisation);

        var first = Policy(await browser.Get("/"));
        var second = Policy(await browser.Get("/"));

        first.ShouldNotBe(second);
        first.ShouldContain("default-src 'none'");
        first.ShouldContain("script-src 'self' 'nonce-");
        first.ShouldContain("style-src 'self';");
        first.ShouldContain("frame-ancestors 'none'");
        first.ShouldNotContain("unsafe");
    }

    [Fact]
    public async Task Lets_nothing_be_kept_or_guessed_from_answers_of_the_api()
    {
        await using var server = await TestServer.Start();

        var answer = await server.Client().GetAsync("/api/v1/server");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Policy(answer).ShouldBe("default-src 'none'; frame-ancestors 'none'");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Asks_browsers_to_stay_with_https_under_a_name_but_not_under_an_address()
    {
        await using var server = await TestServer.Start();
        using var named = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        named.Headers.Host = "ca.example.test";

        (await server.Client().SendAsync(named)).Headers.Contains("Strict-Transport-Security").ShouldBeTrue();
        (await server.Client().GetAsync("/healthz")).Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }

    [Fact]
    public async Task Refuses_a_body_that_is_too_large()
    {
        await using var server = await TestServer.Start("--limits:bodyBytes", "1000");
        var organisation = await server.Initialise();
        var client = await organisation.Client(Countersign.Server.Access.Role.PrimaryAdministrator);

        var answer = await client.PostAsync("/api/v1/tokens", new StringContent(new string('x', 2000), System.Text.Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("request_too_large");
    }

    [Fact]
    public async Task Slows_down_an_address_that_asks_too_much()
    {
        await using var server = await TestServer.Start("--limits:addressPerSecond", "2");
        var client = server.Client();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.GetAsync("/healthz")));

        var refused = answers.First(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await refused.Content.ReadAsStringAsync()).ShouldContain("rate_limited");
    }

    private static string Policy(HttpResponseMessage answer) => answer.Headers.GetValues("Content-Security-Policy").Single();
}
