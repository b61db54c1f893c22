using System.ComponentModel.DataAnnotations;
using Countersign.Pki;
using Countersign.Server.Edge;

namespace Countersign.Server.Hosting;

/// <summary>Runs a verb on the data folder with everything the server has but its listeners.</summary>
internal static class Offline
{
    /// <summary>0 when done; 1 with the reason on standard error when it was refused.</summary>
    internal static Task<int> Run(string[] args, Func<IServiceProvider, Task<int>> work) => Saying(async () =>
    {
        await using var app = Program.Build(args);
        var started = new Stack<IHostedService>();
        try
        {
            foreach (var service in app.Services.GetServices<IHostedService>().Where(IsOurs))
            {
                await service.StartAsync(CancellationToken.None);
                started.Push(service);
            }

            return await work(app.Services);
        }
        finally
        {
            while (started.TryPop(out var service))
            {
                await service.StopAsync(CancellationToken.None);
            }
        }
    });

    /// <summary>Turns what a person can mend into a line they can read; 2 where it is an option, else 1.</summary>
    internal static async Task<int> Saying(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (RefusalException refusal)
        {
            await Console.Error.WriteLineAsync($"{refusal.Code}: {Problems.Title(refusal.Code)} {refusal.Detail} {Problems.Next(refusal.Code)}");
        }
        catch (ValidationException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return Usage.Wrong;
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
        }

        return 1;
    }

    private static bool IsOurs(IHostedService service) => service.GetType().Namespace?.StartsWith("Countersign.", StringComparison.Ordinal) == true;
}
