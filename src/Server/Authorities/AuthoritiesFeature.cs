using Countersign.Server.Authorities.Keys;
using Countersign.Server.Hosting;

namespace Countersign.Server.Authorities;

/// <summary>The CA hierarchy: create, import, rollover, retire; its keys; CRL and OCSP signing.</summary>
internal static class AuthoritiesFeature
{
    internal static void AddAuthorities(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<Sealing>();
        services.AddSingleton<Tokens>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<AuthorityDirectory>();
        services.AddSingleton<Succession>();
        services.AddSingleton<AuthorityNames>();
        services.AddSingleton<AuthorityWriting>();
        services.AddSingleton<RootLists>();
        services.AddSingleton<RootAct>();
        services.AddSingleton<AuthorityReminders>();
        services.AddSingleton<AuthorityEnds>();
        services.AddSingleton<Founding>();
        services.AddSingleton<Importing>();
        services.AddSingleton<AuthorityViews>();
        services.AddSingleton<AuthorityDesk>();
        services.AddSingleton<CrlShelf>();
        services.AddSingleton<OcspSigners>();
        services.AddSingleton<PublicationCheck>();

        // In this order: keys can be opened, the listeners' own among them, then what was pending takes over, then the work that goes on.
        services.AddHostedService<KeyStart>();
        services.AddHostedService<ListenerStart>();
        services.AddHostedService<PendingActivation>();
        services.AddHostedService<RestoredData>();
        services.AddHostedService<CrlPublishing>();
        services.AddHostedService<LostTrust>();
        services.AddHostedService<OcspSignerRenewal>();
        services.AddHostedService(s => s.GetRequiredService<PublicationCheck>());
    }

    internal static void MapAuthorities(this WebApplication app) => app.MapAuthoritiesApi();
}
