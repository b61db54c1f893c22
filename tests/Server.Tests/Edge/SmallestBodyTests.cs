using System.Text;
using Countersign.Contracts;
using Countersign.Server.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Edge;

/// <summary>Every write of the API with a body of nothing but the required fields: whatever is wrong with it is said, nothing breaks.</summary>
public sealed class SmallestBodyTests
{
    private const int MostRoles = 5;

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Answers_a_body_of_nothing_but_the_required_fields(string database)
    {
        await using var server = await TestServer.Start([.. await Databases.Options(database), "--limits:identityPerSecond", "100000"]);
        var organisation = await server.Initialise();
        var writes = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("api/v1", StringComparison.Ordinal))
            .Select(e => (Endpoint: e, Body: e.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType))
            .Where(w => w.Body?.Assembly == typeof(CreateToken).Assembly)
            .ToList();
        writes.Count.ShouldBeGreaterThan(15);

        foreach (var (endpoint, body) in writes)
        {
            foreach (var role in Enum.GetValues<Role>().Take(MostRoles))
            {
                using var request = new HttpRequestMessage(new HttpMethod(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]), PathOf(endpoint))
                {
                    Content = new StringContent(AbsentFieldTests.Smallest(body!).ToJsonString(), Encoding.UTF8, "application/json"),
                };
                using var answer = await (await organisation.Client(role)).SendAsync(request);
                ((int)answer.StatusCode).ShouldBeLessThan(500, $"{role} {request.Method} {request.RequestUri}: {await answer.Content.ReadAsStringAsync()}");
            }
        }
    }

    private static string PathOf(RouteEndpoint endpoint) => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(
        s => string.Concat(s.Parts.Select(p => p is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart l ? l.Content : "00000000000000000000000000"))));
}
