using Microsoft.AspNetCore.Authorization;

namespace Countersign.Server.Access;

/// <summary>What a token limited by scopes needs: "area:read" for GET and HEAD, "area:write" for everything else (write includes read).</summary>
internal sealed record ScopeMetadata(string Area);

internal static class RoleRouting
{
    /// <summary>Said once per route group: who may call what is in it.</summary>
    internal static TBuilder RequireRole<TBuilder>(this TBuilder builder, params Role[] roles) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new AuthorizeAttribute { Roles = string.Join(',', roles) });

    /// <summary>Names the area for tokens limited by scopes. A group without one is closed to such tokens.</summary>
    internal static TBuilder Scope<TBuilder>(this TBuilder builder, string area) where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(new ScopeMetadata(area));
        return builder;
    }
}
