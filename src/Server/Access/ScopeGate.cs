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

        var needed = context.GetEndpoint()?.Metadata.GetMetadata<ScopeMetadata>()
            ?? throw new RefusalException(Refusal.Forbidden, "A token limited by scopes cannot do this.");
        var right = needed.Right ?? (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? "read" : "write");
        return scopes.Any(scope => scope == $"{needed.Area}:{right}" || scope == $"{needed.Area}:write")
            ? next(context)
            : throw new RefusalException(Refusal.Forbidden, $"The token has no scope {needed.Area}:{right}.");
    }
}
