using System.Text.Json.Serialization;
using Countersign.Contracts;

namespace Countersign.Server.Edge;

/// <summary>How bodies of the API are read and written: as the Contracts say.</summary>
internal static class ApiFormat
{
    internal static bool IsApi(this HttpRequest request) => request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    internal static void AddApiFormat(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            var contracts = ContractsJson.Default.Options;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default);
            json.SerializerOptions.Converters.Add(new UtcTime());
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
            json.SerializerOptions.DefaultIgnoreCondition = contracts.DefaultIgnoreCondition;
            json.SerializerOptions.RespectNullableAnnotations = contracts.RespectNullableAnnotations;
            json.SerializerOptions.AllowDuplicateProperties = contracts.AllowDuplicateProperties;
            json.SerializerOptions.MaxDepth = contracts.MaxDepth;
        });

        // A body that cannot be read is a refusal like any other: problem+json with the code malformed.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi(ApiDescription.Version, ApiDescription.Describe);
        builder.Services.AddSingleton<ApiDescription>();
    }

    internal static void MapApiDescription(this WebApplication app) =>
        app.MapGet(ApiDescription.Path, (ApiDescription description, CancellationToken ct) => description.Serve(ct)).AllowAnonymous().ExcludeFromDescription();
}
