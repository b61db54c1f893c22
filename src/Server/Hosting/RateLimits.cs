using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Edge;

namespace Countersign.Server.Hosting;

/// <summary>How much one identity or one address may ask for. A limit of 0 means none.</summary>
internal static class RateLimits
{
    internal static void AddRateLimits(this WebApplicationBuilder builder, LimitOptions limits) => builder.Services.AddRateLimiter(limiter =>
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        {
            if (context.CallerOrNull() is { } caller)
            {
                return Bucket(caller.Id, limits.IdentityPerSecond);
            }

            var address = AddressKey(context.Connection.RemoteIpAddress);
            return context.Listener() == Listener.Public
                ? Bucket("public " + address, limits.PublicPerSecond)
                : Bucket("address " + address, limits.AddressPerSecond);
        });
        limiter.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var given) ? given : TimeSpan.FromSeconds(1);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await Problems.Write(rejected.HttpContext, new RefusalException(Refusal.RateLimited, $"Try again in {wait.TotalSeconds:0.#} seconds."));
        };
    });

    /// <summary>For work that is done before the limits above are asked: one second's worth at once and no more, so that nobody takes all there is.</summary>
    internal static PartitionedRateLimiter<ConnectionInfo> PerAddress(int perSecond) =>
        PartitionedRateLimiter.Create<ConnectionInfo, string>(from => Bucket(AddressKey(from.RemoteIpAddress), perSecond, burstSeconds: 1));

    /// <summary>An IPv6 host has a /64 to itself, so that is what counts as one address.</summary>
    internal static string AddressKey(IPAddress? address)
    {
        if (address is null)
        {
            return "none";
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes).ToString();
    }

    private static RateLimitPartition<string> Bucket(string key, int perSecond, int burstSeconds = 5) => perSecond <= 0
        ? RateLimitPartition.GetNoLimiter(key)
        : RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * burstSeconds,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            AutoReplenishment = true,
        });
}
