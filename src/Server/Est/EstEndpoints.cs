using System.Globalization;
using Countersign.Pki;
using Countersign.Pki.Cms;
using Countersign.Pki.X509;
using Countersign.Server.Authorities;
using Countersign.Server.Hosting;
using Countersign.Server.Issuance;
using Countersign.Server.Profiles;
using Countersign.Server.Resources;

namespace Countersign.Server.Est;

/// <summary>/.well-known/est on the mutual-TLS listener. The optional label is the name of an issuing profile.</summary>
internal static class EstEndpoints
{
    private const int RetryAfterSeconds = 10;
    private const string Waiting = "The request is queued; post it again to ask what became of it.";

    internal static void MapEstProtocol(this WebApplication app)
    {
        foreach (var root in new[] { "/.well-known/est", "/.well-known/est/{label}" })
        {
            // Whoever comes is looked at by EstSignIn: EST clients know no console session and no API token.
            var est = app.MapGroup(root).AllowAnonymous().OnListener(Listener.MutualTls);
            est.MapGet("/cacerts", (HttpContext context, AuthorityDirectory authorities, CancellationToken ct) => Answer(context, () => CaCerts(context, authorities, ct), ct));
            est.MapGet("/csrattrs", (HttpContext context, string? label, AuthorityDirectory authorities, ProfileBook profiles, CancellationToken ct) =>
                Answer(context, () => CsrAttrs(context, label, authorities, profiles, ct), ct));
            est.MapPost("/simpleenroll", (HttpContext context, string? label, EstSignIn signIn, EstEnrolment enrolment, CancellationToken ct) =>
                Answer(context, () => Enrol(context, label, signIn, enrolment, ct), ct)).DisableAntiforgery();
            est.MapPost("/simplereenroll", (HttpContext context, EstSignIn signIn, EstEnrolment enrolment, CancellationToken ct) =>
                Answer(context, () => Renew(context, signIn, enrolment, ct), ct)).DisableAntiforgery();
            foreach (var optional in new[] { "serverkeygen", "fullcmc" })
            {
                est.Map($"/{optional}", (HttpContext context, CancellationToken ct) =>
                {
                    context.Response.StatusCode = StatusCodes.Status501NotImplemented;
                    return EstRefusals.Say(context, Words.Of($"Est.NotOffered.{optional}"), ct);
                }).DisableAntiforgery();
            }

            // Without a method of their own these come last: another method, and what is no operation.
            foreach (var (operation, method) in new[] { ("cacerts", "GET"), ("csrattrs", "GET"), ("simpleenroll", "POST"), ("simplereenroll", "POST") })
            {
                est.Map($"/{operation}", (HttpContext context, CancellationToken ct) => WrongMethod(context, operation, method, ct)).DisableAntiforgery();
            }

            est.Map("/{operation}", (HttpContext context, string operation, CancellationToken ct) =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return EstRefusals.Say(context, Words.Of("Est.Operation", operation), ct);
            }).DisableAntiforgery();
        }
    }

    private static Task WrongMethod(HttpContext context, string operation, string method, CancellationToken ct)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = method;
        return EstRefusals.Say(context, Words.Of("Est.Method", operation, context.Request.Method, method, context.Request.Path), ct);
    }

    private static async Task Answer(HttpContext context, Func<Task> act, CancellationToken ct)
    {
        try
        {
            await act();
        }
        catch (RefusalException refusal) when (!context.Response.HasStarted)
        {
            await EstRefusals.Write(context, refusal, ct);
        }
    }

    private static async Task CaCerts(HttpContext context, AuthorityDirectory authorities, CancellationToken ct)
    {
        var organisation = await Organisation(authorities, ct);
        await EstMessages.Write(context, EstMessages.Pkcs7, CertsOnly.Write(await authorities.Trusted(organisation, ct)), ct);
    }

    private static async Task CsrAttrs(HttpContext context, string? label, AuthorityDirectory authorities, ProfileBook profiles, CancellationToken ct)
    {
        var organisation = await Organisation(authorities, ct);
        if (label is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent; // RFC 7030 section 4.5.2: nothing particular is wanted
            return;
        }

        var profile = await profiles.Get(organisation, label, ct);
        await EstMessages.Write(context, EstMessages.CsrAttrs, EstAttributes.Of(profile.Definition), ct);
    }

    private static async Task Enrol(HttpContext context, string? label, EstSignIn signIn, EstEnrolment enrolment, CancellationToken ct)
    {
        var caller = await signIn.SignIn(context, ct);
        await Deliver(context, await enrolment.Enrol(caller, label, await EstMessages.Read(context.Request, ct), ct), ct);
    }

    private static async Task Renew(HttpContext context, EstSignIn signIn, EstEnrolment enrolment, CancellationToken ct)
    {
        var caller = await signIn.ByCertificate(context, ct)
            ?? throw new RefusalException(Refusal.Forbidden, "A renewal needs the active certificate it renews, as the client certificate of this connection.");
        await Deliver(context, await enrolment.Renew(caller, await EstMessages.Read(context.Request, ct), ct), ct);
    }

    private static async Task Deliver(HttpContext context, EstOutcome outcome, CancellationToken ct)
    {
        if (outcome.Certificate is { } certificate)
        {
            using (IssuanceTelemetry.Step(IssuanceStep.Deliver))
            {
                await EstMessages.Write(context, EstMessages.Pkcs7, CertsOnly.Write([Certificate.Decode(certificate)]), ct);
            }

            return;
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        await EstRefusals.Say(context, Waiting, ct);
    }

    /// <summary>Who has not signed in is served by the first organisation that has an authority.</summary>
    private static async Task<string> Organisation(AuthorityDirectory authorities, CancellationToken ct) =>
        (await authorities.All(ct)).Where(a => a.IsTrusted).Select(a => a.OrganisationId).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new RefusalException(Refusal.CaMissing, "No certificate authority is active; generate or import one.");
}
