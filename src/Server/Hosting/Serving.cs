namespace Countersign.Server.Hosting;

/// <summary>The verb serve.</summary>
internal static class Serving
{
    internal static async Task<int> Run(string[] args)
    {
        await using var app = Program.Build(args);
        await app.StartAsync(CancellationToken.None);
        Console.Out.WriteLine(app.Services.GetRequiredService<BoundListeners>().ConsoleAddress);
        await app.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }
}
