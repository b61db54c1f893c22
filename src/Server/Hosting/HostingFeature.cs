using System.Security.Cryptography;
using Countersign.Server.Edge;
using Microsoft.Extensions.Logging.Console;

namespace Countersign.Server.Hosting;

/// <summary>Options, listeners, TLS, limits, headers, health.</summary>
internal static class HostingFeature
{
    internal static void AddHosting(this WebApplicationBuilder builder, string[] args)
    {
        var options = CountersignOptions.Read(args);
        PrivateFiles.CreateFolder(options.Data);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(RandomNumberGenerator.Create());
        builder.Services.AddSingleton<ListenerCertificates>();
        builder.Services.AddSingleton<BoundListeners>();
        builder.Services.AddRouting();
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new() { Timeout = TimeSpan.FromSeconds(options.Limits.RequestSeconds) });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddOptions<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>()
            .Configure<BoundListeners>((kestrel, listeners) => listeners.Configure(kestrel));

        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Countersign", LogLevel.Information);
        builder.Logging.AddJsonConsole(json => json.UseUtcTimestamp = true);
        builder.Services.Configure<JsonConsoleFormatterOptions>(json => json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    internal static void UseHosting(this WebApplication app)
    {
        app.Services.GetRequiredService<ListenerCertificates>().Load();
        app.UseProblems();
        app.UseRouting();
        app.UseMiddleware<ListenerGate>();
        app.UseRequestTimeouts();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    internal static void MapHealth(this WebApplication app)
    {
        var health = app.MapGroup("").AllowAnonymous().OnListener(Listener.Console | Listener.MutualTls | Listener.Public);
        health.MapGet("/healthz", () => Results.Text("live\n"));
        health.MapGet("/readyz", () => Results.Text("ready\n"));
    }
}
