using Countersign.Server.Access;

namespace Countersign.Server.Hosting;

/// <summary>The verb serve.</summary>
internal static class Serving
{
    internal static async Task<int> Run(string[] args)
    {
        await using var app = Program.Build(args);
        await app.StartAsync(CancellationToken.None);
        var address = app.Services.GetRequiredService<BoundListeners>().ConsoleAddress;
        var firstRun = app.Services.GetRequiredService<FirstRun>();
        Console.Out.WriteLine(await firstRun.IsOpen(CancellationToken.None) ? $"{address}/setup\nset-up code: {firstRun.NewCode()}" : address);
        await app.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }
}
