using Countersign.Server.Hosting;

namespace Countersign.Server.Authorities;

/// <summary>
/// Renews OCSP signers by itself, long before they end. What fails is tried again, first after a minute and then more and more rarely; the
/// present signer is used meanwhile.
/// </summary>
internal sealed partial class OcspSignerRenewal(OcspSigners signers, TimeProvider time, ILogger<OcspSignerRenewal> log) : RepeatedWork(time, TimeSpan.FromSeconds(5), log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private readonly Dictionary<string, (DateTimeOffset Next, TimeSpan Pause)> _failed = [];

    protected override async Task Turn(CancellationToken ct)
    {
        foreach (var authority in await signers.Due(ct))
        {
            var failed = _failed.GetValueOrDefault(authority);
            if (Time.GetUtcNow() < failed.Next)
            {
                continue;
            }

            try
            {
                await signers.Renew(authority, ct);
                _failed.Remove(authority);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                var pause = failed.Pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(failed.Pause.Ticks * 2, LongestPause.Ticks));
                _failed[authority] = (Time.GetUtcNow() + pause, pause);
                NotRenewed(log, e, authority, $"{signers.UsableUntil(authority):u}", pause);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The OCSP signer of the authority {Authority} could not be renewed. The present one can be used until {Until}; the next try is in {Pause}")]
    private static partial void NotRenewed(ILogger log, Exception cause, string authority, string until, TimeSpan pause);
}
