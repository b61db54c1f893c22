using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Countersign.Server.Hosting;

/// <summary>Metrics and traces over OTLP, only when OTEL_EXPORTER_OTLP_ENDPOINT names a collector.</summary>
internal sealed class Telemetry : IHostedService, IDisposable
{
    /// <summary>Name of the product's own meter and activity source.</summary>
    internal const string Name = "Countersign";

    private static readonly string[] Meters =
        [Name, Name + ".*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime", "Npgsql"];

    private readonly List<IDisposable> providers = [];

    internal static bool IsAskedFor => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var about = ResourceBuilder.CreateDefault().AddService("countersignd", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3));
        providers.Add(Sdk.CreateMeterProviderBuilder().SetResourceBuilder(about).AddMeter(Meters).AddOtlpExporter().Build());
        providers.Add(Sdk.CreateTracerProviderBuilder().SetResourceBuilder(about).AddSource(Name, Name + ".*", "Microsoft.AspNetCore", "Npgsql").AddOtlpExporter().Build());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => providers.ForEach(p => p.Dispose());
}
