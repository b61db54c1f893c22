using System.Text.Encodings.Web;
using Countersign.Pki;
using Countersign.Server.Edge;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Access;

/// <summary>Finds out who calls: the API takes tokens only, everything else takes the session cookie only.</summary>
internal sealed class CallerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, Tokens tokens, Sessions sessions, RefusedAttempts refused, FirstRun firstRun)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    internal new const string Scheme = "Countersign";

    private bool WantsPage => !Request.IsApi() && HttpMethods.IsGet(Request.Method) && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var caller = Request.IsApi() ? await FromToken() : await FromSession();
        return caller is null ? AuthenticateResult.NoResult() : AuthenticateResult.Success(new AuthenticationTicket(caller.Principal, Scheme));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (WantsPage)
        {
            var back = Request.Path + Request.QueryString;
            var page = await firstRun.IsOpen(Context.RequestAborted) ? "/setup" : "/signin";
            Response.Redirect(back == "/" ? page : $"{page}?return={Uri.EscapeDataString(back)}");
            return;
        }

        await refused.Record(Context, "access.unauthenticated", Context.RequestAborted);
        if (Request.IsApi())
        {
            Response.Headers.WWWAuthenticate = "Bearer realm=\"Countersign\"";
        }

        await Problems.Write(Context, new RefusalException(Refusal.Unauthenticated, "This needs a session or an API token that is valid now."));
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        await refused.Record(Context, "access.forbidden", Context.RequestAborted);
        await Problems.Write(Context, NotAllowed.For(Context));
    }

    private ValueTask<Caller?> FromToken()
    {
        var header = Request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? tokens.Check(header.AsSpan("Bearer ".Length).Trim(), Context.RequestAborted)
            : ValueTask.FromResult<Caller?>(null);
    }

    private async ValueTask<Caller?> FromSession() =>
        await sessions.Find(Context, Context.RequestAborted) is { Session.Stage: nameof(SessionStage.Full) } found ? found.Caller : null;
}
