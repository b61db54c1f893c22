using Countersign.Pki;

namespace Countersign.Server.Access;

/// <summary>Holds tokens that are limited by scopes to the areas they name.</summary>
internal sealed class ScopeGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.CallerOrNull()?.Scopes is not { } scopes)
        {
            return next(context);
        }

        var area = context.GetEndpoint()?.Metadata.GetMetadata<ScopeMetadata>()
            ?? throw new RefusalException(Refusal.Forbidden, "A token limited by scopes cannot do this.");
        var needed = area.Needed(context.Request.Method);
        return scopes.Any(scope => scope == needed || scope == $"{area.Area}:write")
            ? next(context)
            : throw new RefusalException(Refusal.Forbidden, $"The token has no scope {needed}.");
    }
}
