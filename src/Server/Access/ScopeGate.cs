using Countersign.Pki;

namespace Countersign.Server.Access;

/// <summary>Holds tokens that are limited by scopes to the areas they name, and tokens limited by names to asking.</summary>
internal sealed class ScopeGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        HoldToNames(context);
        // What is not there, or not by this method, is said to anybody: nothing runs.
        if (context.CallerOrNull() is not { Scopes: { } scopes } caller || context.GetEndpoint() is not RouteEndpoint)
        {
            return next(context);
        }

        var area = context.GetEndpoint()?.Metadata.GetMetadata<ScopeMetadata>()
            ?? throw NotAllowed.ForScopes(caller, scopes, needed: null);
        var needed = area.Needed(context.Request.Method);
        return scopes.Any(scope => scope == needed || scope == $"{area.Area}:write")
            ? next(context)
            : throw NotAllowed.ForScopes(caller, scopes, needed);
    }

    /// <summary>
    /// A token narrowed to names asks for certificates and reads what belongs to them. Approving, making codes or changing profiles would each be a way to names beyond its
    /// own; administrators, tokens, codes and the audit log are about everybody's.
    /// </summary>
    private static void HoldToNames(HttpContext context)
    {
        if (context.CallerOrNull()?.AllowedNames is null)
        {
            return;
        }

        var area = context.GetEndpoint()?.Metadata.GetMetadata<ScopeMetadata>()?.Area;
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (reads ? area is not (null or "requests" or "certificates" or "profiles" or "authorities" or "server") : area != "requests")
        {
            throw new RefusalException(Refusal.Forbidden, "A token limited to names only submits requests, and reads requests, certificates, profiles and authorities.");
        }
    }
}
