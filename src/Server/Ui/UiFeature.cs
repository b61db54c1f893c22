using System.Globalization;
using Countersign.Server.Audit;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Events;
using Countersign.Server.Nodes;
using Countersign.Server.Requests;
using Microsoft.AspNetCore.Localization;

namespace Countersign.Server.Ui;

/// <summary>The console: shell, theme and shared controls. Pages live in the folder of their feature.</summary>
internal static class UiFeature
{
    /// <summary>Cultures the console writes dates and numbers in; texts are English until other resource files exist.</summary>
    private static readonly CultureInfo[] Cultures = [.. new[] { "en-GB", "en-US", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL" }.Select(CultureInfo.GetCultureInfo)];

    internal static void AddUi(this WebApplicationBuilder builder)
    {
        builder.Services.AddLocalization();
        builder.Services.AddRazorComponents();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddSingleton<EmbeddedFiles>();
        builder.Services.AddSingleton<StartFacts>();
        builder.Services.AddSingleton<ObjectNames>();
        builder.Services.AddSingleton<News>();
    }

    internal static void UseUi(this WebApplication app)
    {
        app.UseRequestLocalization(new RequestLocalizationOptions
        {
            DefaultRequestCulture = new RequestCulture(Cultures[0]),
            SupportedCultures = Cultures,
            SupportedUICultures = Cultures,
            RequestCultureProviders = [new AcceptLanguageHeaderRequestCultureProvider()],
        });
    }

    internal static void MapUi(this WebApplication app)
    {
        app.MapGet("/ui/{**path}", (HttpContext context, string path, EmbeddedFiles files) => files.Serve(context, path)).AllowAnonymous();
        app.MapRequestsPages();
        app.MapCertificatesPages();
        app.MapNodesPages();
        app.MapAuditPages();
        app.MapAuthoritiesPages();
        app.MapEventsPages();
        app.MapRazorComponents<App>();
    }
}
