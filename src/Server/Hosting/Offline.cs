using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Countersign.Pki;
using Countersign.Server.Edge;
using Countersign.Server.Resources;

namespace Countersign.Server.Hosting;

/// <summary>Runs a verb on the data folder with everything the server has but its listeners.</summary>
internal static class Offline
{
    /// <summary>0 when done; 1 with the reason on standard error when it was refused.</summary>
    internal static Task<int> Run(string verb, string[] args, Func<IServiceProvider, Task<int>> work) => Saying(verb, async () =>
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
    internal static async Task<int> Saying(string verb, Func<Task<int>> work)
    {
        // What is printed, logged and put into names of files is the same in every language of the machine; pages have a culture of their own.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return await work();
        }
        catch (RefusalException refusal)
        {
            // The API's next steps are for its callers; whoever types a verb has others.
            var next = Words.Find($"Verb.Next.{verb}.{refusal.Code}") ?? Words.Find($"Verb.Next.{verb}") ?? Problems.Next(refusal.Code);
            await Console.Error.WriteLineAsync($"{refusal.Code}: {Problems.Title(refusal.Code)} {Problems.Sentence(refusal.Detail)} {next}");
        }
        catch (ValidationException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return Usage.Wrong;
        }
        catch (UnauthorizedAccessException fault)
        {
            await Console.Error.WriteLineAsync(Words.Of("Verb.NotAllowed", fault.Message, Environment.UserName));
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync(fault.Message);
        }

        return 1;
    }

    private static bool IsOurs(IHostedService service) => service.GetType().Namespace?.StartsWith("Countersign.", StringComparison.Ordinal) == true;
}
