using Countersign.Server.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Access;

/// <summary>Administrators, roles, sign-in, sessions, API tokens.</summary>
internal static class AccessFeature
{
    internal static void AddAccess(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddAuthentication(CallerHandler.Scheme).AddScheme<AuthenticationSchemeOptions, CallerHandler>(CallerHandler.Scheme, null);

        // What states no role is at least closed to strangers; what is for everybody says AllowAnonymous.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = Passwords.Iterations);
        services.AddIdentityCore<Administrator>();
        services.AddSingleton<IPasswordHasher<Administrator>, PasswordHasher<Administrator>>();
        services.AddSingleton<AdministratorStore>();
        services.AddSingleton<IUserStore<Administrator>>(s => s.GetRequiredService<AdministratorStore>());
        services.AddScoped<PasskeyHandler<Administrator>>();
        services.Configure<IdentityPasskeyOptions>(passkeys => passkeys.UserVerificationRequirement = "preferred");

        // The keys are read when the services start: after storage and sealing.
        services.AddSingleton<ProtectionKeys>();
        services.AddDataProtection().SetApplicationName("Countersign");
        services.AddOptions<KeyManagementOptions>().Configure<ProtectionKeys>((management, keys) => management.XmlRepository = keys);
        services.AddOptions<AntiforgeryOptions>().Configure<CountersignOptions>((antiforgery, options) =>
        {
            // Cookies know no ports: the name keeps servers on one machine apart.
            antiforgery.Cookie.Name = $"__Host-countersign-form-{options.Listen.Https}";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            antiforgery.HeaderName = "X-Form-Token";
        });
        services.AddAntiforgery();

        services.AddSingleton<Passwords>();
        services.AddSingleton<TotpSeal>();
        services.AddSingleton<Lockout>();
        services.AddHostedService(s => s.GetRequiredService<Lockout>());
        services.AddSingleton<Sessions>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<FactorRemoval>();
        services.AddSingleton<OwnAccount>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<CertificateSignIn>();
        services.AddSingleton<FirstRun>();
        services.AddSingleton<RefusedAttempts>();
        services.AddSingleton<Administrators>();
        services.AddSingleton<TokenDesk>();
        services.AddSingleton<Tokens>();
        services.AddHostedService(s => s.GetRequiredService<Tokens>());
    }

    internal static void MapAccess(this WebApplication app)
    {
        app.MapAccessApi();
        app.MapSignIn();
    }
}
