namespace Countersign.Server.Ocsp;

/// <summary>The OCSP responder.</summary>
internal static class OcspFeature
{
    internal static void AddOcsp(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Responder>();
        builder.Services.AddHostedService(s => s.GetRequiredService<Responder>());
    }

    /// <summary>To be called before anything else is put into the way of a request.</summary>
    internal static void UseOcsp(this WebApplication app) => app.UseMiddleware<OcspDoor>();
}
