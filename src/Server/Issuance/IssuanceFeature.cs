namespace Countersign.Server.Issuance;

/// <summary>The only door to a signature.</summary>
internal static class IssuanceFeature
{
    public static void AddIssuance(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Issuing>();
        builder.Services.AddHostedService<IssuanceRecovery>();
    }
}
