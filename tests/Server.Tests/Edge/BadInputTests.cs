using System.Net;
using System.Text;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Edge;

/// <summary>What cannot be read is named by its place and by what is expected there, in the words of the API and not of its platform.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("""{"csr": """, "the body is no JSON from line 1, byte ")]
    [InlineData("csr=x", "the body is no JSON from line 1, byte 1 on")]
    [InlineData("""{"profile": "tls-server"}""", "$.csr is missing; expected is a text")]
    [InlineData("""{"csr": null}""", "$.csr is null; expected is a text")]
    [InlineData("""{"csr": "x", "profile": 5}""", "$.profile cannot be read; expected is a text")]
    [InlineData("[]", "$ cannot be read; expected is an object with csr, profile, ")]
    [InlineData("", "there is no body; expected is an object with csr, profile, ")]
    public async Task Names_the_place_in_a_body(string body, string said)
    {
        await using var server = await TestServer.Start();
        var client = await (await server.Initialise()).Client(Role.Operator);

        using var answer = await client.PostAsync("/api/v1/requests", body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, "application/json"));

        (await Malformed(answer)).ShouldStartWith(said);
    }

    [Theory]
    [InlineData("/api/v1/authorities", """{"subject": {"country": {}}}""", "$.subject.country cannot be read; expected is a text")]
    [InlineData("/api/v1/authorities", """{"mode": "Big"}""", "$.mode cannot be read; expected is one of First, Replace, Rollover")]
    [InlineData("/api/v1/authorities", """{"permittedNames": ["a", 5]}""", "$.permittedNames[1] cannot be read; expected is a text")]
    public async Task Names_a_place_deep_in_a_body(string path, string body, string said)
    {
        await using var server = await TestServer.Start();
        var client = await (await server.Initialise()).Client(Role.CaOfficer);

        using var answer = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

        (await Malformed(answer)).ShouldStartWith(said);
    }

    [Theory]
    [InlineData("state=Lost", "the parameter state is 'Lost'; expected is one of Queued, ")]
    [InlineData("limit=many", "the parameter limit is 'many'; expected is a whole number")]
    public async Task Names_a_parameter(string query, string said)
    {
        await using var server = await TestServer.Start();
        var client = await (await server.Initialise()).Client(Role.Operator);

        using var answer = await client.GetAsync($"/api/v1/requests?{query}");

        (await Malformed(answer)).ShouldStartWith(said);
    }

    [Fact]
    public async Task Another_method_is_answered_with_those_there_are()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        var limited = (await organisation.MakeToken(new CreateToken { Name = "poller", Role = nameof(Role.Operator), Scopes = ["requests:read"] })).Secret;

        foreach (var client in new[] { await organisation.Client(Role.Operator), server.Client(limited) })
        {
            using var answer = await client.PutAsync("/api/v1/requests", new StringContent("{}", Encoding.UTF8, "application/json"));

            answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
            answer.Content.Headers.Allow.Order().ShouldBe(["GET", "POST"]);
            var problem = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), ContractsJson.Default.Problem)!;
            problem.Code.ShouldBe(Refusal.MethodNotAllowed);
            problem.Detail!.ShouldContain("not PUT");
        }
    }

    private static async Task<string> Malformed(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), ContractsJson.Default.Problem)!;
        problem.Code.ShouldBe(Refusal.Malformed);
        return problem.Detail!;
    }
}
