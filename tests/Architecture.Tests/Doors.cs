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
        ("/signout", "a session that has ended must still be able to leave"),
        ("/account/passkey/options", "asked for by a sign-in that still owes its second factor; the session's stage is checked inside"),
        ("/healthz", "alive or not: nothing else is said"),
        ("/readyz", "ready or not: nothing else is said"),
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
                where !Open.Any(o => address == o.Prefix || address.StartsWith(o.Prefix.TrimEnd('/') + "/", StringComparison.Ordinal))
                select $"{address} ({door.DisplayName})",
                "State the roles once on the route group (RequireRole), or list the address here with the reason why everybody may call it.");
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
