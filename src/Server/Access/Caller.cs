using System.Security.Claims;
using Countersign.Pki;

namespace Countersign.Server.Access;

/// <summary>The signed-in identity of a request. One instance serves many requests of the same token or session.</summary>
internal sealed class Caller : ClaimsIdentity
{
    internal Caller(string scheme, string kind, string id, string name, string organisationId, Role role, IReadOnlyList<string>? scopes = null)
        : base([new Claim(ClaimTypes.NameIdentifier, id), new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, role.ToString())], scheme)
    {
        Kind = kind;
        Id = id;
        DisplayName = name;
        OrganisationId = organisationId;
        Role = role;
        Scopes = scopes;
        Principal = new ClaimsPrincipal(this);
    }

    internal string Kind { get; }

    internal string Id { get; }

    internal string DisplayName { get; }

    internal string OrganisationId { get; }

    internal Role Role { get; }

    /// <summary>Patterns of names a token may ask for (NameAllowance); null means it is not narrowed.</summary>
    internal IReadOnlyList<string>? AllowedNames { get; init; }

    /// <summary>The administrator this is, or who made the token.</summary>
    internal string? AdministratorId { get; init; }

    /// <summary>What a token is limited to ("requests:write"); null means whatever the role may do.</summary>
    internal IReadOnlyList<string>? Scopes { get; }

    internal ClaimsPrincipal Principal { get; }
}

internal static class CallerAccess
{
    internal static Caller? CallerOrNull(this HttpContext context) => context.User.Identity as Caller;

    /// <summary>Who is calling. Throws unauthenticated when nobody signed in.</summary>
    internal static Actor Actor(this HttpContext context)
    {
        var caller = context.SignedIn();
        return new Actor(caller.Kind, caller.Id, caller.DisplayName, context.SourceAddress()) { AdministratorId = caller.AdministratorId ?? (caller.Kind == "administrator" ? caller.Id : null), Role = caller.Role };
    }

    internal static string OrganisationId(this HttpContext context) => context.SignedIn().OrganisationId;

    internal static string? SourceAddress(this HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
    }

    private static Caller SignedIn(this HttpContext context) =>
        context.CallerOrNull() ?? throw new RefusalException(Refusal.Unauthenticated, "Nobody is signed in.");
}
