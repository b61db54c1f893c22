using Microsoft.AspNetCore.Authorization;

namespace Countersign.Server.Access;

/// <summary>
/// What a token limited by scopes needs: "area:right". Without a right of its own an endpoint needs "area:read" for GET and HEAD and
/// "area:write" for everything else; write includes every right of the area.
/// </summary>
internal sealed record ScopeMetadata(string Area, string? Right = null)
{
    /// <summary>The scope a call with this HTTP method needs.</summary>
    internal string Needed(string method) => $"{Area}:{Right ?? (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? "read" : "write")}";
}

internal static class RoleRouting
{
    /// <summary>Said once per route group: who may call what is in it.</summary>
    internal static TBuilder RequireRole<TBuilder>(this TBuilder builder, params Role[] roles) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new AuthorizeAttribute { Roles = string.Join(',', roles) });

    /// <summary>Names the area, and where it matters the right ("requests", "submit"), for tokens limited by scopes. What has none is closed to them.</summary>
    internal static TBuilder Scope<TBuilder>(this TBuilder builder, string area, string? right = null) where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(new ScopeMetadata(area, right));
        return builder;
    }
}
