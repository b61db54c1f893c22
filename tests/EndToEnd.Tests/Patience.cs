using System.Diagnostics;

namespace Countersign.EndToEnd.Tests;

/// <summary>Asks again until something holds, with a deadline.</summary>
internal static class Patience
{
    internal static async Task Until(Func<Task<bool>> holds, string complaint)
    {
        for (var waited = Stopwatch.StartNew(); !await holds();)
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), complaint);
            await Task.Delay(100);
        }
    }
}
