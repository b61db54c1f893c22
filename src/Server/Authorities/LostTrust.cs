using Countersign.Pki.Crl;
using Countersign.Server.Certificates;
using Countersign.Server.Hosting;

namespace Countersign.Server.Authorities;

/// <summary>
/// After trust in an authority was removed: what is left of its certificates is marked as revoked, so that lists, answers and inventory say
/// the same to those who still know the old authority. Begun anew by any server after a crash.
/// </summary>
internal sealed partial class LostTrust(AuthorityDirectory directory, IssuedUnder issued, TimeProvider time, ILogger<LostTrust> log)
    : RepeatedWork(time, TimeSpan.FromSeconds(1), log)
{
    // What was being signed at that very moment is caught by a second look.
    private static readonly TimeSpan SecondLook = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, DateTimeOffset> _looked = [];
    private readonly HashSet<string> _done = [];

    protected override async Task Turn(CancellationToken ct)
    {
        foreach (var authority in (await directory.All(ct)).Where(a => a is { IsLost: true, Kind: AuthorityKind.Issuing } && !_done.Contains(a.Id)))
        {
            var now = Time.GetUtcNow();
            if (_looked.TryGetValue(authority.Id, out var looked) && now < looked + SecondLook)
            {
                continue;
            }

            var reason = authority.State == AuthorityStage.Compromised ? RevocationReason.CaCompromise : RevocationReason.CessationOfOperation;
            var at = DateTimeOffset.FromUnixTimeMilliseconds(authority.Row.RetiredAt ?? 0);
            var marked = await issued.RevokeRest(authority.OrganisationId, authority.Id, at, reason, $"generation {authority.Generation} is no longer trusted", ct);
            if (marked > 0)
            {
                Marked(log, marked, authority.Id);
            }

            if (!_looked.TryAdd(authority.Id, now))
            {
                _done.Add(authority.Id);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} certificates of the authority {Id} were marked as revoked, because it is no longer trusted")]
    private static partial void Marked(ILogger log, long count, string id);
}
