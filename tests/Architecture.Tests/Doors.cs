using Countersign.Server;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace Countersign.Architecture.Tests;

/// <summary>Every address of the server says who may call it; those for everybody are listed with their reason.</summary>
public sealed class Doors
{
    private static readonly (string Prefix, string Reason)[] Open =
    [
        ("/signin", "the way in"),
        ("/setup", "the first run: asks for the one-time code and is gone afterwards"),
        ("/account/enrol", "a sign-in that still owes its second factor makes it here; the session's stage is checked inside"),
        ("/signout", "a session that has ended must still be able to leave"),
        ("/account/passkey/options", "asked for by a sign-in that still owes its second factor; the session's stage is checked inside"),
        ("/healthz", "alive or not: nothing else is said"),
        ("/readyz", "ready or not: nothing else is said"),
        ("/.well-known/est", "EST signs in by client certificate, code or account, and answers a stranger as RFC 7030 section 3.2.3 wants it"),
        ("/crl", "revocation lists are for everybody (OCSP answers before the routes)"),
        ("/ca", "so are the certificates of the authorities"),
        ("/openapi", "describes the API, as the source does"),
        ("/ui", "styles, scripts and pictures of the console"),
        ("/not-found", "says that there is nothing"),
        ("/_framework/opaque-redirect", "part of the platform's page rendering; redirects to addresses it protected itself"),
    ];

    [Fact]
    public async Task Every_door_says_who_may_enter()
    {
        var data = Directory.CreateTempSubdirectory("countersign-doors-");
        try
        {
            await using var app = Program.Build(["--data", data.FullName, "--listen", "127.0.0.1", "--https", "0", "--mtls", "0", "--http", "0"]);
            var doors = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().ToList();
            doors.Count.ShouldBeGreaterThan(20);
            Rule.Holds(
                from door in doors
                let address = "/" + door.RoutePattern.RawText!.TrimStart('/')
                where door.Metadata.GetMetadata<IAuthorizeData>() is null || door.Metadata.GetMetadata<IAllowAnonymous>() is not null
                where !Open.Any(o => Leads(o.Prefix, address))
                select $"{address} ({door.DisplayName})",
                "State the roles once on the route group (RequireRole), or list the address here with the reason why everybody may call it.");
            Rule.Holds(Open.Select(o => o.Prefix).Where(o => !doors.Exists(d => Leads(o, "/" + d.RoutePattern.RawText!.TrimStart('/')))), "Nothing is there any more: remove it from the list.");
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static bool Leads(string prefix, string address) => address == prefix || address.StartsWith(prefix + "/", StringComparison.Ordinal);
}
