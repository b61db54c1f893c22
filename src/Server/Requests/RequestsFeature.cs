namespace Countersign.Server.Requests;

/// <summary>The queue: submit, look, approve, reject.</summary>
internal static class RequestsFeature
{
    public static void AddRequests(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RequestLedger>();
        builder.Services.AddSingleton<RequestQueue>();
        builder.Services.AddSingleton<Intake>();
        builder.Services.AddSingleton<FourEyes>();
        builder.Services.AddSingleton<Decisions>();
        builder.Services.AddSingleton<DecisionKeys>();
        builder.Services.AddSingleton<BulkDecisions>();
        builder.Services.AddSingleton<ViewAssembly>();
        builder.Services.AddHostedService<OwnCertificate>();
        builder.Services.AddHostedService<RequestExpiry>();
    }

    public static void MapRequests(this WebApplication app) => app.MapRequestsApi();
}
