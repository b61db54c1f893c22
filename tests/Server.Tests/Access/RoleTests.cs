using System.Net;
using System.Net.Http.Json;
using Countersign.Contracts;
using Countersign.Server.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Access;

public sealed class RoleTests
{
    private const string Everybody = "PrimaryAdministrator CaOfficer Operator HelpDesk Auditor";
    private const string Id = "00000000000000000000000000";

    /// <summary>Operation, who may do it (ACC-A2). Features add their lines.</summary>
    public static TheoryData<string, string, string> Operations => new()
    {
        { "POST", "/api/v1/administrators", "PrimaryAdministrator" },
        { "GET", "/api/v1/administrators", "PrimaryAdministrator" },
        { "DELETE", $"/api/v1/administrators/{Id}", "PrimaryAdministrator" },
        { "GET", "/api/v1/tokens", Everybody },
        { "GET", "/api/v1/sessions", Everybody },
        { "GET", "/api/v1/server", Everybody },
        { "GET", "/api/v1/enrolment/codes", "PrimaryAdministrator CaOfficer" },
        { "POST", "/api/v1/authorities", "PrimaryAdministrator CaOfficer" },
        { "POST", "/api/v1/authorities/import", "PrimaryAdministrator CaOfficer" },
        { "POST", $"/api/v1/requests/{Id}/approve", "PrimaryAdministrator CaOfficer" },
        { "POST", $"/api/v1/requests/{Id}/reject", "PrimaryAdministrator CaOfficer" },
        { "POST", $"/api/v1/certificates/{Id}/revoke", "PrimaryAdministrator CaOfficer" },
        { "GET", "/api/v1/audit", "PrimaryAdministrator Auditor" },
        { "GET", "/api/v1/audit/export", "PrimaryAdministrator Auditor" },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    [Trait("Scenario", "ACC-A2")]
    public async Task Allows_each_operation_to_exactly_its_roles(string method, string path, string allowed)
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();

        foreach (var role in Enum.GetValues<Role>())
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            var answer = await (await organisation.Client(role)).SendAsync(request);

            if (allowed.Split(' ').Contains(role.ToString()))
            {
                answer.StatusCode.ShouldNotBe(HttpStatusCode.Forbidden, $"{role} {method} {path}");
                answer.StatusCode.ShouldNotBe(HttpStatusCode.Unauthorized, $"{role} {method} {path}");
                ((int)answer.StatusCode).ShouldBeLessThan(500);
            }
            else
            {
                answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{role} {method} {path}");
                var problem = (await answer.Content.ReadFromJsonAsync<Problem>())!;
                problem.Code.ShouldBe("forbidden");
                var detail = problem.Detail.ShouldNotBeNull();
                detail.ShouldContain($"has the role {role}; this needs ");
                allowed.Split(' ').ShouldAllBe(one => detail.Contains(one, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    [Trait("Scenario", "ACC-A1")]
    public async Task Refuses_every_operation_without_a_session_and_records_the_attempt()
    {
        await using var server = await TestServer.Start("--limits:addressPerSecond", "0");
        var organisation = await server.Initialise();
        var client = server.Client();
        var tried = 0;

        foreach (var endpoint in Closed(server).Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)))
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), PathOf(endpoint)) { Content = method is "GET" or "DELETE" ? null : JsonContent.Create(new object()) };
                var answer = await client.SendAsync(request);

                answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {request.RequestUri}");
                (await answer.Content.ReadFromJsonAsync<Problem>())!.Code.ShouldBe("unauthenticated");
                tried++;
            }
        }

        tried.ShouldBeGreaterThan(5);
        var recorded = await server.Get<Countersign.Server.Storage.Database>().ReadOne<long>(
            $"SELECT COUNT(*) FROM audit WHERE organisation_id = {organisation.Id} AND action = 'access.unauthenticated' AND source = '127.0.0.1'", default);
        recorded.ShouldBe(Math.Min(tried, 30));
    }

    [Fact]
    public async Task Lets_strangers_reach_only_what_says_so()
    {
        await using var server = await TestServer.Start();
        string[] open = ["/healthz", "/readyz", "/signin", "/signout", "/setup", "/account", "/ui/", "/.well-known/", "/crl/", "/ca/", "/ocsp", "/_framework", "/openapi", "/not-found"];

        var strangers = Endpoints(server).Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/'));

        strangers.Where(path => !open.Any(o => path.StartsWith(o, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public async Task States_a_role_on_every_operation_of_the_api()
    {
        await using var server = await TestServer.Start();

        Closed(server).Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .Where(e => !e.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Roles is { Length: > 0 }))
            .Select(e => e.RoutePattern.RawText)
            .ShouldBeEmpty();
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Never_loses_the_last_primary_administrator(string database)
    {
        await using var server = await TestServer.Start(await Databases.Options(database));
        var organisation = await server.Initialise();
        var client = await organisation.Client(Role.PrimaryAdministrator);
        var own = organisation.Primary.Id;

        (await client.DeleteAsync($"/api/v1/administrators/{own}")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Code(await client.PatchAsJsonAsync($"/api/v1/administrators/{own}", new ChangeAdministrator { Role = "Operator" }))).ShouldBe("last_primary_administrator");
        (await Code(await client.PatchAsJsonAsync($"/api/v1/administrators/{own}", new ChangeAdministrator { Enabled = false }))).ShouldBe("last_primary_administrator");

        var second = await client.PostAsJsonAsync("/api/v1/administrators", new CreateAdministrator { Name = "second", Role = "PrimaryAdministrator", Password = "first password 1" });
        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await client.PatchAsJsonAsync($"/api/v1/administrators/{own}", new ChangeAdministrator { Role = "Operator" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/api/v1/administrators")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Records_who_changed_an_administrator(string database)
    {
        await using var server = await TestServer.Start(await Databases.Options(database));
        var organisation = await server.Initialise();
        var client = await organisation.Client(Role.PrimaryAdministrator);

        await client.PostAsJsonAsync("/api/v1/administrators", new CreateAdministrator { Name = "olga", Role = "CaOfficer", Password = "first password 1" });
        (await Code(await client.PostAsJsonAsync("/api/v1/administrators", new CreateAdministrator { Name = "OLGA", Role = "CaOfficer", Password = "first password 1" }))).ShouldBe("name_taken");
        (await Code(await client.PostAsJsonAsync("/api/v1/administrators", new CreateAdministrator { Name = "x1", Role = "Emperor", Password = "first password 1" }))).ShouldBe("bad_role");

        var recorded = await server.Get<Countersign.Server.Storage.Database>().ReadList<string>(
            $"SELECT actor_kind FROM audit WHERE action = 'administrator.create' AND organisation_id = {organisation.Id}", default);
        recorded.ShouldBe(["token"]);
    }

    private static async Task<string?> Code(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<Problem>())?.Code;

    private static IEnumerable<RouteEndpoint> Endpoints(TestServer server) => server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static IEnumerable<RouteEndpoint> Closed(TestServer server) => Endpoints(server).Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null);

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Changes_everything_asked_of_an_account_or_nothing(string database)
    {
        await using var server = await TestServer.Start(await Databases.Options(database));
        var organisation = await server.Initialise();
        var client = await organisation.Client(Role.PrimaryAdministrator);
        var created = await client.PostAsJsonAsync("/api/v1/administrators", new CreateAdministrator { Name = "olga", Role = "Operator", Password = "correct horse battery" });
        var one = (await created.Content.ReadFromJsonAsync<AdministratorView>())!;
        var path = $"/api/v1/administrators/{one.Id}";

        ChangeAdministrator[] bad =
        [
            new() { Role = "CaOfficer", Password = "short" },
            new() { Role = "CaOfficer", Enabled = false, CertificateSha256 = "no thumbprint" },
            new() { Role = "Boss", Enabled = false },
        ];
        foreach (var change in bad)
        {
            ((int)(await client.PatchAsJsonAsync(path, change)).StatusCode).ShouldBe(422);
            var kept = (await client.GetFromJsonAsync<AdministratorView>(path))!;
            (kept.Role, kept.Enabled).ShouldBe(("Operator", true));
        }

        var good = await client.PatchAsJsonAsync(path, new ChangeAdministrator { Role = "CaOfficer", Enabled = false, Password = "another horse battery", CertificateSha256 = new string('a', 64) });
        var changed = (await good.Content.ReadFromJsonAsync<AdministratorView>())!;
        (changed.Role, changed.Enabled, string.Join(' ', changed.SecondFactors)).ShouldBe(("CaOfficer", false, "certificate"));

        changed.Certificates.ShouldBe([new string('a', 64)]);
        (await client.DeleteAsync($"{path}/certificates/{new string('b', 64)}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.DeleteAsync($"{path}/certificates/{new string('a', 64)}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await client.GetFromJsonAsync<AdministratorView>(path))!.Certificates.ShouldBeEmpty();
    }

    private static string PathOf(RouteEndpoint endpoint) =>
        "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart l ? l.Content : Id))));
}
