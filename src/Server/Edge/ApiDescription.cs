using System.Globalization;
using System.Resources;
using System.Text.Json.Nodes;
using Countersign.Contracts;
using Countersign.Server.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Countersign.Server.Edge;

/// <summary>
/// The OpenAPI document: made from the endpoints and records themselves when it is first asked for. Who may call an operation stands there as
/// <c>x-roles</c> and <c>x-scope</c>, every code of a refusal as <c>x-codes</c> of the schema Problem.
/// </summary>
internal sealed class ApiDescription([FromKeyedServices(ApiDescription.Version)] IOpenApiDocumentProvider provider)
{
    internal const string Path = "/openapi/v1.json";

    internal const string Version = "v1";
    private const string Token = "token";

    private static readonly ResourceManager Texts = new("Countersign.Server.Resources.Api", typeof(ApiDescription).Assembly);

    private byte[]? written;

    internal static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = operation => operation.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddOperationTransformer(Operation);
        options.AddSchemaTransformer(Schema);
        options.AddDocumentTransformer(Document);
    }

    internal async Task<IResult> Serve(CancellationToken ct)
    {
        written ??= await Write(ct);
        return Results.Bytes(written, "application/json");
    }

    private async Task<byte[]> Write(CancellationToken ct)
    {
        var document = await provider.GetOpenApiDocumentAsync(ct);
        using var bytes = new MemoryStream();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1, ct);
        return bytes.ToArray();
    }

    private static Task Document(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Countersign",
            Version = typeof(ApiDescription).Assembly.GetName().Version?.ToString(3),
            Description = Text("document"),
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        // The address is whatever the document was fetched from.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.AddComponent<IOpenApiSecurityScheme>(Token, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = Text(Token) });
        return Task.CompletedTask;
    }

    private static async Task Operation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Summary = Text(operation.OperationId!);
        operation.Tags = new HashSet<OpenApiTagReference> { new(context.Description.RelativePath!.Split('/')[2], context.Document) };
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, context.Document)] = [] }];
        operation.Extensions = new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal)
        {
            ["x-roles"] = new JsonNodeExtension(new JsonArray([.. RolesOf(metadata).Select(role => JsonValue.Create(role))])),
        };
        if (metadata.OfType<ScopeMetadata>().LastOrDefault() is { } scope)
        {
            operation.Extensions["x-scope"] = new JsonNodeExtension(scope.Needed(context.Description.HttpMethod!));
        }

        context.Document!.AddComponent(nameof(Problem), await context.GetOrCreateSchemaAsync(typeof(Problem), null, ct));
        operation.Responses!["default"] = new OpenApiResponse
        {
            Description = Text("refusal"),
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) },
            },
        };
    }

    private static string[] RolesOf(IEnumerable<object> metadata) =>
        metadata.OfType<IAuthorizeData>().LastOrDefault(a => a.Roles is not null)?.Roles!.Split(',') ?? [];

    private static Task Schema(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo.Type;
        if ((Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } words)
        {
            // One schema serves the fields that may be absent as well: null is none of its words.
            schema.Enum = [.. Enum.GetNames(words).Select(word => (JsonNode)word)];
        }

        if (type == typeof(Problem))
        {
            schema.Extensions = new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal)
            {
                ["x-codes"] = new JsonNodeExtension(new JsonObject(Problems.Codes.Select(code => KeyValuePair.Create<string, JsonNode?>(
                    code, new JsonObject { ["status"] = Problems.StatusOf(code), ["title"] = Problems.Title(code), ["next"] = Problems.Next(code) })))),
            };
        }

        return Task.CompletedTask;
    }

    private static string? Text(string key) => Texts.GetString(key, CultureInfo.InvariantCulture);
}
