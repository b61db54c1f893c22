using Countersign.Server.Access;

namespace Countersign.Server.Profiles;

/// <summary>What may be issued to whom.</summary>
internal static class ProfilesFeature
{
    public static void AddProfiles(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ProfileBook>();
        builder.Services.AddSingleton(services => new OrganisationSeed(services.GetRequiredService<ProfileBook>().Found));
    }

    public static void MapProfiles(this WebApplication app) => app.MapProfilesApi();
}
