using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>Asks for a request until it is decided, at the pace the server wishes.</summary>
internal static class Polling
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static TimeSpan Patience(int? seconds) => TimeSpan.FromSeconds(seconds ?? 3600);

    public static async Task<Submitted> UntilDecided(Call call, CountersignClient client, Submitted last, TimeSpan patience, CancellationToken ct)
    {
        var time = call.Surroundings.Time;
        var end = time.GetUtcNow() + patience;
        while (last.Request.State == RequestState.Queued)
        {
            var left = end - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                break;
            }
            var pause = last.RetryAfter is { } wish && wish > TimeSpan.Zero ? wish : TimeSpan.FromSeconds(2);
            pause = new[] { pause, Longest, left }.Min();
            await Task.Delay(pause, time, ct);
            last = await client.Request(last.Request.Id, ct);
        }
        return last;
    }
}
