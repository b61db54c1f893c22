namespace Countersign.Server.Organisations;

/// <summary>Organisations, their default subjects and what they set while the server runs.</summary>
internal static class OrganisationsFeature
{
    internal static void AddOrganisations(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OrganisationBook>();
        builder.Services.AddSingleton<QueueLimit>();
    }
}
