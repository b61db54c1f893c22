using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Access;

/// <summary>Posts forms as the console's pages do: with the antiforgery token and whatever cookies the server set.</summary>
internal sealed class Browser
{
    private readonly HttpClient client;
    private readonly Dictionary<string, string> cookies = [];
    private readonly string? formToken;

    internal Browser(TestServer server, bool withFormToken = true)
    {
        client = server.Client();
        if (withFormToken)
        {
            using var scope = server.Services.CreateScope();
            var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
            context.Request.Scheme = "https";
            var made = server.Get<IAntiforgery>().GetTokens(context);
            formToken = made.RequestToken;
            cookies[FormCookie(server)] = made.CookieToken!;
        }
    }

    private Browser(TestServer server, Browser from)
    {
        client = server.Client();
        cookies = new(from.cookies);
        formToken = from.formToken;
    }

    /// <summary>The same person with the same page open, sent to another server.</summary>
    internal Browser At(TestServer other) => new(other, this);

    /// <summary>An answer that goes on and on.</summary>
    internal async Task<Stream> Open(string path, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}")));
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        return await answer.Content.ReadAsStreamAsync(ct);
    }

    internal IReadOnlyDictionary<string, string> Cookies => cookies;

    internal async Task<HttpResponseMessage> Post(string path, params (string Name, string Value)[] fields)
    {
        var form = fields.Select(f => KeyValuePair.Create(f.Name, f.Value));
        if (formToken is not null)
        {
            form = form.Append(KeyValuePair.Create("__RequestVerificationToken", formToken));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        return await Send(request);
    }

    internal async Task<HttpResponseMessage> Get(string path, string accept = "text/html")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        return await Send(request);
    }

    internal async Task<HttpResponseMessage> Send(HttpRequestMessage request)
    {
        if (cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}")));
        }

        var answer = await client.SendAsync(request);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            cookies[pair[0]] = pair[1];
        }

        return answer;
    }

    /// <summary>Password and code of the organisation's first administrator.</summary>
    internal async Task<HttpResponseMessage> SignIn(TestOrganisation organisation)
    {
        var first = await Post("/signin/password", ("name", TestOrganisation.AdministratorName), ("password", TestOrganisation.Password));
        first.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        first.Headers.Location!.ToString().ShouldStartWith("/signin/second-factor");
        return await Post("/signin/totp", ("code", organisation.TotpCode()));
    }

    private static string FormCookie(TestServer server) =>
        server.Get<Microsoft.Extensions.Options.IOptions<AntiforgeryOptions>>().Value.Cookie.Name!;
}
