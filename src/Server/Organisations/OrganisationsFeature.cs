namespace Countersign.Server.Organisations;

/// <summary>Organisations and their default subjects.</summary>
internal static class OrganisationsFeature
{
    internal static void AddOrganisations(this WebApplicationBuilder builder) => builder.Services.AddSingleton<OrganisationBook>();
}
