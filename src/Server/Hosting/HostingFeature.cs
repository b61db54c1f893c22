using System.Security.Cryptography;
using Countersign.Server.Access;
using Countersign.Server.Edge;
using Countersign.Server.Storage;
using Microsoft.Extensions.Logging.Console;

namespace Countersign.Server.Hosting;

/// <summary>Options, listeners, TLS, limits, headers, health.</summary>
internal static class HostingFeature
{
    internal static void AddHosting(this WebApplicationBuilder builder, string[] args)
    {
        var options = CountersignOptions.Read(args);
        DataFolderLock.Ensure(options);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<DataFolderLock>();
        builder.Services.AddHostedService(s => s.GetRequiredService<DataFolderLock>());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(RandomNumberGenerator.Create());
        builder.Services.AddSingleton<ListenerCertificates>();
        builder.Services.AddSingleton<BoundListeners>();
        builder.Services.AddRouting();
        builder.AddRateLimits(options.Limits);
        if (Telemetry.IsAskedFor)
        {
            builder.Services.AddHostedService<Telemetry>();
        }

        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new() { Timeout = TimeSpan.FromSeconds(options.Limits.RequestSeconds) });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddOptions<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>()
            .Configure<BoundListeners>((kestrel, listeners) => listeners.Configure(kestrel));

        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Countersign", LogLevel.Information);
        builder.Logging.AddFilter("Countersign.Server.Access.CallerHandler", LogLevel.Warning); // the platform's base class tells of every challenge
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // a start that fails is said in one line, by the verb
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error); // does not know that the keys are sealed before they are kept
        builder.Logging.AddJsonConsole(json => json.UseUtcTimestamp = true);
        builder.Services.Configure<JsonConsoleFormatterOptions>(json => json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    internal static void UseHosting(this WebApplication app)
    {
        app.Lifetime.ApplicationStarted.Register(app.Services.GetRequiredService<BoundListeners>().Opened);
        app.UseMiddleware<SecurityHeaders>();
        app.UseProblems();
        app.UseRouting();
        app.UseMiddleware<ListenerGate>();
        app.UseMiddleware<CrossSiteGate>();
        app.UseRequestTimeouts();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseMiddleware<ScopeGate>();
        app.UseAntiforgery();
    }

    internal static void MapHealth(this WebApplication app)
    {
        var health = app.MapGroup("").AllowAnonymous().OnListener(Listener.Console | Listener.MutualTls | Listener.Public | Listener.Local);
        health.MapGet("/healthz", () => Results.Text("live\n"));
        health.MapGet("/readyz", Ready);
    }

    private static async Task<IResult> Ready(Database database, CancellationToken ct)
    {
        try
        {
            await database.ReadOne<long>($"SELECT COUNT(*) FROM instances", ct);
            return Results.Text("ready\n");
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return Results.Text("the database does not answer\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
