using System.Threading.RateLimiting;
using Countersign.Pki;
using Countersign.Server.Audit;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>Records who was not let in. Limited per address and in all, so that knocking cannot fill the disk; also slows down guessing.</summary>
internal sealed class RefusedAttempts(Database database, AuditTrail audit, FirstRun firstRun, CountersignOptions options) : IAsyncDisposable
{
    private readonly PartitionedRateLimiter<string> perAddress = Limiter(address => address, burst: 30, perMinute: 10);
    private readonly PartitionedRateLimiter<string> inAll = Limiter(_ => "all", burst: 500, perMinute: 100);
    private readonly PartitionedRateLimiter<string> signIns = Limiter(address => address, options.Limits.SignInPerMinute, options.Limits.SignInPerMinute);

    public async ValueTask DisposeAsync()
    {
        await perAddress.DisposeAsync();
        await inAll.DisposeAsync();
        await signIns.DisposeAsync();
    }

    /// <summary>Counts an attempt to sign in from this address. Throws rate_limited.</summary>
    internal void CountSignIn(HttpContext context)
    {
        if (options.Limits.SignInPerMinute > 0 && !signIns.AttemptAcquire(RateLimits.AddressKey(context.Connection.RemoteIpAddress)).IsAcquired)
        {
            throw new RefusalException(Refusal.RateLimited, $"At most {options.Limits.SignInPerMinute} attempts to sign in per minute and address.");
        }
    }

    /// <param name="context">The request that was refused; its route is recorded, never its content.</param>
    /// <param name="action">The audit action, "access.unauthenticated".</param>
    /// <param name="ct">Ends with the request.</param>
    internal async Task Record(HttpContext context, string action, CancellationToken ct)
    {
        var address = RateLimits.AddressKey(context.Connection.RemoteIpAddress);
        if (!perAddress.AttemptAcquire(address).IsAcquired || !inAll.AttemptAcquire(address).IsAcquired || await firstRun.Organisation(ct) is not { } organisation)
        {
            return;
        }

        var actor = context.CallerOrNull() is null ? new Actor("anonymous", "", "", context.SourceAddress()) : context.Actor();
        var unit = new WriteUnit();
        audit.Append(unit, new AuditEntry(organisation, actor, action, "endpoint", context.GetEndpoint()?.DisplayName ?? "", "{}"));
        await database.Write(unit, ct);
    }

    private static PartitionedRateLimiter<string> Limiter(Func<string, string> key, int burst, int perMinute) =>
        PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetTokenBucketLimiter(key(address), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(1, burst),
            TokensPerPeriod = Math.Max(1, perMinute),
            ReplenishmentPeriod = TimeSpan.FromMinutes(1),
        }));
}
