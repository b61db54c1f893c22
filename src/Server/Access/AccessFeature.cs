using Microsoft.AspNetCore.Authorization;

namespace Countersign.Server.Access;

/// <summary>Administrators, roles, sign-in, sessions, API tokens.</summary>
internal static class AccessFeature
{
    internal static void AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    internal static void MapAccess(this WebApplication app)
    {
        _ = app;
    }
}
