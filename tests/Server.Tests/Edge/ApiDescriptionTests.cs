using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace Countersign.Server.Tests.Edge;

/// <summary>The OpenAPI document says what the server does: no more, no less.</summary>
public sealed class ApiDescriptionTests
{
    internal static async Task<JsonNode> Document(TestServer server) => JsonNode.Parse(await server.Client().GetStringAsync("/openapi/v1.json"))!;

    [Fact]
    public async Task Describes_every_operation_with_the_role_and_the_scope_it_needs()
    {
        await using var server = await TestServer.Start();
        var document = await Document(server);

        var mapped = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods, (e, method) => string.Join(' ',
                method, e.RoutePattern.RawText!.TrimEnd('/'),
                e.Metadata.GetOrderedMetadata<IAuthorizeData>().Last(a => a.Roles is not null).Roles,
                e.Metadata.GetMetadata<ScopeMetadata>()!.Needed(method)));
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject(), (path, operation) => string.Join(' ',
            operation.Key.ToUpperInvariant(), path.Key,
            string.Join(',', operation.Value!["x-roles"]!.AsArray().Select(r => (string)r!)),
            (string)operation.Value["x-scope"]!));

        described.Order(StringComparer.Ordinal).ShouldBe(mapped.Order(StringComparer.Ordinal));
        ((string)document["openapi"]!).ShouldStartWith("3.1");
    }

    [Fact]
    public async Task Says_of_every_operation_what_it_does_and_how_it_refuses()
    {
        await using var server = await TestServer.Start();
        var operations = (await Document(server))["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(o => o.Value!).ToList();

        operations.ShouldAllBe(o => !string.IsNullOrWhiteSpace((string?)o["summary"]));
        operations.Select(o => (string)o["operationId"]!).ShouldBeUnique();
        operations.ShouldAllBe(o => (string?)o["responses"]!["default"]!["content"]!["application/problem+json"]!["schema"]!["$ref"] == "#/components/schemas/Problem");
        operations.ShouldAllBe(o => o["security"]!.AsArray().Count == 1);
    }

    [Fact]
    public async Task Describes_every_record_with_the_names_it_has_in_JSON()
    {
        await using var server = await TestServer.Start();
        var schemas = (await Document(server))["components"]!["schemas"]!.AsObject();

        var types = Records();
        types.Count.ShouldBeGreaterThan(50);
        foreach (var type in types)
        {
            var schema = schemas[NameOf(type)];
            schema.ShouldNotBeNull(NameOf(type));
            if (type.IsEnum)
            {
                schema["enum"]!.AsArray().Select(v => (string)v!).ShouldBe(Enum.GetNames(type), NameOf(type));
                continue;
            }

            var properties = ContractsJson.Default.GetTypeInfo(type)!.Properties;
            schema["properties"]!.AsObject().Select(p => p.Key).ShouldBe(properties.Select(p => p.Name), ignoreOrder: true, NameOf(type));
            (schema["required"] as JsonArray ?? []).Select(r => (string)r!).ShouldBe(properties.Where(p => p.IsRequired).Select(p => p.Name), ignoreOrder: true, NameOf(type));
            schema["properties"]!.AsObject().ShouldAllBe(p => Described(p.Value!), NameOf(type));
        }
    }

    [Fact]
    public async Task Lists_every_code_of_a_refusal_with_its_status_and_its_words()
    {
        await using var server = await TestServer.Start();
        var codes = (await Document(server))["components"]!["schemas"]!["Problem"]!["x-codes"]!.AsObject();

        codes.Select(c => c.Key).ShouldBe(typeof(Refusal).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetValue(null)!), ignoreOrder: true);
        codes.ShouldAllBe(c => (int)c.Value!["status"]! >= 400 && ((string)c.Value["title"]!).EndsWith('.') && ((string)c.Value["next"]!).EndsWith('.'));
    }

    // A reference carries the words of what it refers to.
    private static bool Described(JsonNode property) =>
        property["$ref"] is not null || property["oneOf"] is not null || property["anyOf"] is not null || !string.IsNullOrWhiteSpace((string?)property["description"]);

    internal static HashSet<Type> Records()
    {
        var found = new HashSet<Type>();
        foreach (var root in typeof(ContractsJson).GetCustomAttributesData().Where(a => a.AttributeType == typeof(JsonSerializableAttribute)))
        {
            Add((Type)root.ConstructorArguments[0].Value!, found);
        }

        return found;
    }

    private static void Add(Type type, HashSet<Type> found)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var info = ContractsJson.Default.GetTypeInfo(type);
        if (info?.ElementType is { } element)
        {
            Add(element, found);
        }
        else if (type.Assembly == typeof(ContractsJson).Assembly && found.Add(type))
        {
            foreach (var property in info!.Properties)
            {
                Add(property.PropertyType, found);
            }
        }
    }

    private static string NameOf(Type type) =>
        type.IsGenericType ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] + "Of" + string.Concat(type.GetGenericArguments().Select(NameOf)) : type.Name;
}
