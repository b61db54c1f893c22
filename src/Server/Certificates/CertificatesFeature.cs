namespace Countersign.Server.Certificates;

/// <summary>The inventory: search, details, downloads, renewal rules, revocation.</summary>
internal static class CertificatesFeature
{
    public static void AddCertificates(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<NameIndex>();
        builder.Services.AddSingleton<Inventory>();
        builder.Services.AddSingleton<KeyInUse>();
        builder.Services.AddSingleton<IssuedUnder>();
        builder.Services.AddSingleton<Renewals>();
        builder.Services.AddSingleton<Revocation>();
        builder.Services.AddSingleton<CertificateAnswers>();
        builder.Services.AddSingleton<SharedPrimes>();
        builder.Services.AddHostedService(s => s.GetRequiredService<SharedPrimes>());
    }

    public static void MapCertificates(this WebApplication app) => app.MapCertificatesApi();
}
