using Countersign.Pki;
using Countersign.Server.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Countersign.Server.Access;

/// <summary>
/// What the forms of the sign-in and account pages post to. Each answers with a redirect: to the next page, or back with ?refused=code.
/// Forms carry an antiforgery token; the passkey pages send it as the header X-Form-Token.
/// </summary>
internal static class SignInEndpoints
{
    internal static void MapSignIn(this WebApplication app)
    {
        var signIn = app.MapGroup("/signin").AllowAnonymous();
        signIn.MapPost("password", async (HttpContext c, SignIn s, [FromForm] string name, [FromForm] string password, [FromForm] string? back, CancellationToken ct) =>
            await Answer("/signin", back, async () => Next(await s.WithPassword(c, name, password, ct), back)));
        signIn.MapPost("totp", async (HttpContext c, SignIn s, [FromForm] string code, [FromForm] string? back, CancellationToken ct) =>
            await Answer("/signin/second-factor", back, async () => Next(await s.WithTotp(c, code, ct), back)));
        signIn.MapPost("recovery", async (HttpContext c, SignIn s, [FromForm] string code, [FromForm] string? back, CancellationToken ct) =>
            await Answer("/signin/second-factor", back, async () => Next(await s.WithRecoveryCode(c, code, ct), back)));
        signIn.MapPost("passkey", async (HttpContext c, SignIn s, [FromForm] string credential, [FromForm] string? back, CancellationToken ct) =>
            await Answer("/signin/second-factor", back, async () => Next(await s.WithPasskey(c, credential, ct), back)));
        signIn.MapPost("passkey/options", async (HttpContext c, SignIn s, CancellationToken ct) => Results.Text(await s.PasskeyOptions(c, ct), "application/json"))
            .WithMetadata(new RequireAntiforgeryTokenAttribute());
        signIn.MapGet("certificate", Certificate).OnListener(Listener.MutualTls);
        app.MapPost("/signout", SignOut).AllowAnonymous().WithMetadata(new RequireAntiforgeryTokenAttribute());

        var account = app.MapGroup("/account").AllowAnonymous();
        account.MapPost("passkey/options", async (HttpContext c, SecondFactors f, CancellationToken ct) => Results.Text(await f.PasskeyOptions(c, ct), "application/json"))
            .WithMetadata(new RequireAntiforgeryTokenAttribute());
    }

    /// <summary>Only addresses of this console: "/requests?x=y", never "//elsewhere".</summary>
    internal static string Local(string? address) =>
        address is ['/', not ('/' or '\\'), ..] && !address.Any(char.IsControl) ? address : "/";

    private static string Next(SignInStep step, string? back) => step.Stage switch
    {
        SessionStage.SecondFactor => $"/signin/second-factor?return={Uri.EscapeDataString(Local(back))}",
        SessionStage.Enrol => "/account/enrol",
        _ => Local(back),
    };

    private static async Task<IResult> Answer(string page, string? back, Func<Task<string>> act)
    {
        try
        {
            return Results.Redirect(await act());
        }
        catch (RefusalException refusal)
        {
            return Results.Redirect($"{page}?refused={refusal.Code}&return={Uri.EscapeDataString(Local(back))}");
        }
    }

    private static async Task<IResult> Certificate(HttpContext context, CertificateSignIn signIn, BoundListeners listeners, CancellationToken ct)
    {
        await signIn.Finish(context, ct);
        return Results.Redirect($"https://{context.Request.Host.Host}:{listeners.Port(Listener.Console)}/");
    }

    private static async Task<IResult> SignOut(HttpContext context, Sessions sessions, CancellationToken ct)
    {
        await sessions.SignOut(context, ct);
        return Results.Redirect("/signin");
    }

    private sealed class RequireAntiforgeryTokenAttribute : Microsoft.AspNetCore.Antiforgery.RequireAntiforgeryTokenAttribute;
}
