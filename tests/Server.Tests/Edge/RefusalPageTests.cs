using System.Net;
using Countersign.Pki;
using Countersign.Server.Edge;
using Countersign.Server.Tests.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Server.Tests.Edge;

/// <summary>A refusal that no page shows: in the console's look for browsers, as JSON for programs.</summary>
public sealed class RefusalPageTests
{
    private const string Html = "text/html,application/xhtml+xml,*/*;q=0.8";

    [Fact]
    public async Task An_address_that_leads_nowhere_and_a_thing_that_is_not_there_are_answered_with_a_page()
    {
        await using var server = await TestServer.Start();
        var browser = new Browser(server);
        await browser.SignIn(await server.Initialise());

        await ShouldBePage(await browser.Get("/nothing/here", Html), HttpStatusCode.NotFound, Refusal.NotFound, "Go to the start page");
        await ShouldBePage(await browser.Get("/certificates/nothing/download/pem", Html), HttpStatusCode.NotFound, Refusal.NotFound, "Go to the start page");
        (await browser.Get("/certificates/nothing/download/pem", "*/*")).Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_form_after_the_session_has_ended_leads_back_to_the_sign_in()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        var browser = new Browser(server);
        await browser.SignIn(organisation);
        server.Clock.Advance(TimeSpan.FromHours(13));

        await ShouldBePage(await Post(browser, "/requests", "same-origin"), HttpStatusCode.Unauthorized, Refusal.Unauthenticated, "href=\"/signin\"");
        await ShouldBePage(await Post(browser, "/requests", "cross-site"), HttpStatusCode.Forbidden, Refusal.CrossSite, "Open the console and do it there");
    }

    [Fact]
    public async Task The_API_answers_with_JSON_whatever_is_asked_for()
    {
        await using var server = await TestServer.Start();
        await server.Initialise();
        var browser = new Browser(server);

        foreach (var path in new[] { "/api/v1/nothing", "/api/v1/requests" })
        {
            (await browser.Get(path, Html)).Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
    }

    [Theory, InlineData(Html, "text/html"), InlineData("application/json", "application/problem+json")]
    public async Task An_unexpected_error_says_that_nothing_was_kept_and_nothing_else(string accept, string mediaType)
    {
        await using var server = await TestServer.Start();
        await using var scope = server.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, Response = { Body = new MemoryStream() } };
        (context.Request.Scheme, context.Request.Host, context.Request.Path, context.Request.Method) = ("https", new HostString("localhost"), "/requests", "GET");
        context.Request.Headers.Accept = accept;

        await new ProblemsMiddleware(NullLogger<ProblemsMiddleware>.Instance).InvokeAsync(context, _ => throw new InvalidOperationException("the secret of the server"));

        context.Response.StatusCode.ShouldBe(500);
        context.Response.ContentType.ShouldNotBeNull().ShouldStartWith(mediaType);
        var text = System.Text.Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        text.ShouldContain(Refusal.InternalError);
        text.ShouldContain("Nothing of this request was kept");
        text.ShouldNotContain("the secret of the server");
    }

    private static Task<HttpResponseMessage> Post(Browser browser, string path, string site)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([]) };
        request.Headers.Accept.ParseAdd(Html);
        request.Headers.Add("Sec-Fetch-Site", site);
        return browser.Send(request);
    }

    private static async Task ShouldBePage(HttpResponseMessage answer, HttpStatusCode status, string code, string next)
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'");
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldContain("console.css");
        text.ShouldContain($">{code}<");
        text.ShouldContain(next);
    }
}
