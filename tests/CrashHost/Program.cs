using System.Diagnostics;
using System.Globalization;
using Countersign.Server.Hosting;
using Countersign.Server.Issuance;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.CrashHost;

/// <summary>
/// The real server in a process of its own that ends itself with SIGKILL when the n-th issuance reaches a named step, and says which requests it signed.
/// usage: Countersign.CrashHost STEP N [options of "countersignd serve"]
/// It listens to the spans the product emits anyway; the product knows nothing of it.
/// </summary>
internal static class Program
{
    private static async Task Main(string[] args)
    {
        var step = args[0];
        var countdown = int.Parse(args[1], CultureInfo.InvariantCulture);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IssuanceTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity =>
            {
                if (activity.OperationName == step && Interlocked.Decrement(ref countdown) == 0)
                    Process.GetCurrentProcess().Kill();
            },
            ActivityStopped = activity =>
            {
                if (activity.OperationName == nameof(IssuanceStep.Sign) && activity.GetTagItem("request") is string request)
                    Console.WriteLine($"signed {request}");
            },
        };
        ActivitySource.AddActivityListener(listener);
        var app = Server.Program.Build(args[2..]);
        await app.StartAsync();
        var listeners = app.Services.GetRequiredService<BoundListeners>();
        Console.WriteLine($"listening {listeners.Port(Listener.Console)} {listeners.Port(Listener.Public)}");
        await app.WaitForShutdownAsync();
    }
}
