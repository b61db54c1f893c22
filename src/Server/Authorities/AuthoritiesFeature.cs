using Countersign.Server.Authorities.Keys;

namespace Countersign.Server.Authorities;

/// <summary>The CA hierarchy: create, import, rollover, retire; its keys; CRL and OCSP signing.</summary>
internal static class AuthoritiesFeature
{
    internal static void AddAuthorities(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Sealing>();
        builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddSingleton<AuthorityDirectory>();
        builder.Services.AddHostedService<KeyStart>();
    }
}
