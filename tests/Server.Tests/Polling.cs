using System.Diagnostics;

namespace Countersign.Server.Tests;

internal static class Polling
{
    /// <summary>Asks again until it holds, at most a minute.</summary>
    internal static async Task Until(Func<Task<bool>> holds, Func<string>? state = null)
    {
        for (var waited = Stopwatch.StartNew(); !await holds();)
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), state?.Invoke());
            await Task.Delay(50);
        }
    }
}
