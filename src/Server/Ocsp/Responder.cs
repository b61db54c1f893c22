using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Countersign.Pki;
using Countersign.Pki.Ocsp;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Hosting;

namespace Countersign.Server.Ocsp;

/// <summary>What goes back: bytes, and the kept answer they come from if caches may keep it too.</summary>
internal readonly record struct OcspReply(byte[] Der, KeptAnswer? Kept);

/// <summary>
/// Answers questions: from memory where it can, freshly signed where a nonce asks for it (RFC 9654). Notices revocations by any server
/// within its turn, a second.
/// </summary>
internal sealed class Responder(
    AuthorityDirectory directory, IssuedUnder issued, OcspSigners signers, CountersignOptions options, TimeProvider time, ILogger<Responder> log)
    : RepeatedWork(time, TimeSpan.FromSeconds(1), log)
{
    /// <summary>Life of an answer. Clients that keep answers learn of a revocation after this at the latest.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private const int MostAtWork = 128;
    private static readonly byte[] Malformed = OcspResponder.Error(OcspResponseStatus.MalformedRequest);
    private static readonly byte[] Unauthorized = OcspResponder.Error(OcspResponseStatus.Unauthorized);
    private static readonly byte[] TryLater = OcspResponder.Error(OcspResponseStatus.TryLater);
    private static readonly byte[] Broken = OcspResponder.Error(OcspResponseStatus.InternalError);

    private readonly PartitionedRateLimiter<ConnectionInfo> _perAddress = RateLimits.PerAddress(options.Limits.PublicPerSecond);
    private KeptAnswers[] _kept = [];
    private Dictionary<string, long> _changes = [];
    private int _atWork;

    /// <summary>Never throws: what cannot be read or answered has its own status.</summary>
    /// <param name="der">The question.</param>
    /// <param name="from">Who asks: one address gets only so much signed.</param>
    /// <param name="ct">Ends with the request.</param>
    internal ValueTask<OcspReply> Answer(ReadOnlyMemory<byte> der, ConnectionInfo from, CancellationToken ct)
    {
        OcspRequest request;
        try
        {
            request = OcspRequest.Decode(der);
        }
        catch (RefusalException)
        {
            return new(new OcspReply(Malformed, null));
        }

        if (request.Ids.Count == 1 && request.Nonce.IsEmpty && About(request.Ids[0]) is { } known
            && SerialKey.TryOf(request.Ids[0], out var key) && known.Find(key, Time.GetUtcNow()) is { } kept)
        {
            return new(new OcspReply(kept.Der, kept));
        }

        return _perAddress.AttemptAcquire(from).IsAcquired ? new(Work(request, ct)) : new(new OcspReply(TryLater, null));
    }

    public override void Dispose()
    {
        _perAddress.Dispose();
        base.Dispose();
    }

    protected override async Task Turn(CancellationToken ct)
    {
        var changes = new Dictionary<string, long>(await issued.Changes(ct));
        foreach (var kept in _kept.Where(k => changes.GetValueOrDefault(k.AuthorityId) != _changes.GetValueOrDefault(k.AuthorityId)))
        {
            kept.Forget();
        }

        _changes = changes;
        await Know(ct);
    }

    private async Task<OcspReply> Work(OcspRequest request, CancellationToken ct)
    {
        // What is not in memory costs the database and the key; a flood of it must not take them from those who issue.
        if (Interlocked.Increment(ref _atWork) > MostAtWork)
        {
            Interlocked.Decrement(ref _atWork);
            return new OcspReply(TryLater, null);
        }

        try
        {
            return await Sign(request, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "An OCSP question could not be answered");
            return new OcspReply(e is RefusalException { Code: Refusal.StorageUnavailable } ? TryLater : Broken, null);
        }
        finally
        {
            Interlocked.Decrement(ref _atWork);
        }
    }

    private async Task<OcspReply> Sign(OcspRequest request, CancellationToken ct)
    {
        var authority = About(request.Ids[0]);
        if (authority is null)
        {
            await Know(ct);
            authority = About(request.Ids[0]);
        }

        // RFC 5019 2.2.3: not ours to answer. The same for an authority past its end.
        if (authority is null || await signers.Of(authority.AuthorityId, ct) is not { } signer)
        {
            return new OcspReply(Unauthorized, null);
        }

        var version = authority.Version;
        var now = Time.GetUtcNow();
        var until = now + Life < signer.NotAfter ? now + Life : signer.NotAfter;
        var singles = new OcspSingle[request.Ids.Count];
        for (var i = 0; i < singles.Length; i++)
        {
            singles[i] = await Single(authority, request.Ids[i], now, until, ct);
        }

        var der = signer.Answer(singles, now, request.Nonce.Span);
        if (singles.Length > 1 || !request.Nonce.IsEmpty || singles[0].Status == OcspCertStatus.Unknown || !SerialKey.TryOf(request.Ids[0], out var key))
        {
            return new OcspReply(der, null);
        }

        var kept = new KeptAnswer(der, now, until, $"\"{Convert.ToHexStringLower(SHA256.HashData(der).AsSpan(0, 16))}\"");
        authority.Keep(key, kept, version);
        return new OcspReply(der, kept);
    }

    private static async ValueTask<OcspSingle> Single(KeptAnswers authority, OcspCertId id, DateTimeOffset now, DateTimeOffset until, CancellationToken ct)
    {
        if (!authority.IsAbout(id) || !SerialKey.TryOf(id, out var key))
        {
            return new OcspSingle(id, OcspCertStatus.Unknown, null, Pki.Crl.RevocationReason.Unspecified, now, null);
        }

        var status = await authority.StatusOf(id.Serial, key, ct);
        return new OcspSingle(id, status.Status, status.RevokedAt, status.Reason, now, status.Status == OcspCertStatus.Unknown ? null : until);
    }

    private KeptAnswers? About(in OcspCertId id)
    {
        foreach (var kept in Volatile.Read(ref _kept))
        {
            if (kept.IsAbout(id))
            {
                return kept;
            }
        }

        return null;
    }

    // Takes over what the directory knows; whoever lost trust since begins anew.
    private async Task Know(CancellationToken ct)
    {
        var known = _kept;
        var present = (await directory.All(ct)).Where(a => a is { Kind: AuthorityKind.Issuing, HasOpenKey: true }).ToList();
        if (present.Count != known.Length || present.Any(a => !known.Any(k => k.AuthorityId == a.Id && k.IsLost == a.IsLost)))
        {
            Volatile.Write(ref _kept, [.. present.OrderByDescending(a => a.Generation)
                .Select(a => known.FirstOrDefault(k => k.AuthorityId == a.Id && k.IsLost == a.IsLost) ?? new KeptAnswers(a, issued))]);
        }
    }
}
