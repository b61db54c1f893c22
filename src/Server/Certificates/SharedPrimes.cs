using System.Collections.Concurrent;
using System.Numerics;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Authorities;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Certificates;

/// <summary>
/// No two RSA keys of an organisation may share a prime: whoever has both certificates has both private keys. A request, or an authority
/// that is imported, is compared when it comes in; keys that another server took, and those of authorities made here, are compared a few seconds later. What is found is remembered with both keys.
/// </summary>
internal sealed partial class SharedPrimes(Database database, AuthorityDirectory authorities, AuditTrail audit, TimeProvider time, ILogger<SharedPrimes> log)
    : RepeatedWork(time, Every, log), IDisposable
{
    internal const string Rule = "rsa_shared_prime";
    internal const string Citation = "CA/Browser Forum BR 6.1.1.3; Heninger et al., Mining Your Ps and Qs (2012)";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>How far clocks of servers may be apart, and how long a commit may take.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, RsaKeyRing> _rings = new();
    private readonly SemaphoreSlim _reading = new(1);
    private DateTimeOffset? _readAt;

    /// <summary>Keeps the key of a request, or of an imported authority, that is taken.</summary>
    internal static void Remember(WriteUnit unit, string organisationId, SubjectPublicKey key, DateTimeOffset now)
    {
        if (key.Kind == KeyKind.Rsa)
        {
            unit.Add($"INSERT INTO rsa_keys (organisation_id, spki_sha256, modulus, taken_at) VALUES ({organisationId}, {key.Sha256}, {key.Modulus}, {now}) ON CONFLICT DO NOTHING");
        }
    }

    /// <exception cref="RefusalException"><c>weak_key</c>: the key shares a prime with an earlier one.</exception>
    internal async ValueTask Ensure(string organisationId, SubjectPublicKey key, CancellationToken ct)
    {
        if (key.Kind != KeyKind.Rsa)
        {
            return;
        }

        if (_readAt is null)
        {
            await Synchronise(ct);
        }

        var ring = Ring(organisationId);
        if (ring.Knows(key.Sha256))
        {
            if (await Partner(organisationId, key.Sha256, ct) is not null)
            {
                throw Weak();
            }
        }
        else if (await ring.Compare(key.Sha256, Number(key.Modulus)) is { IsOne: false } common)
        {
            await Record(organisationId, key.Sha256, common, ct);
            throw Weak();
        }
    }

    /// <summary>What is to be said of a certificate with this key; nothing for a good one.</summary>
    internal async Task<IReadOnlyList<FindingView>> Findings(string organisationId, SubjectPublicKey key, CancellationToken ct) =>
        key.Kind == KeyKind.Rsa && await Partner(organisationId, key.Sha256, ct) is { } partner
            ? [new FindingView { Rule = Rule, Severity = FindingSeverity.Error, Citation = Citation, Detail = $"The key shares a prime with the key {Convert.ToHexStringLower(partner)}: both private keys can be computed" }]
            : [];

    protected override Task Turn(CancellationToken ct) => Synchronise(ct);

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    private RsaKeyRing Ring(string organisationId) => _rings.GetOrAdd(organisationId, static _ => new());

    private Task<byte[]?> Partner(string organisationId, byte[] spkiSha256, CancellationToken ct) =>
        database.ReadOne<byte[]>($"SELECT shares_with FROM rsa_keys WHERE organisation_id = {organisationId} AND spki_sha256 = {spkiSha256}", ct);

    /// <summary>Takes over keys that are in the table and not yet here: all of them at the start, later those that came in through another server.</summary>
    private async Task Synchronise(CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            var started = Time.GetUtcNow();
            var since = _readAt is { } before ? before - Overlap : DateTimeOffset.UnixEpoch;
            var news = new List<KeyRow>();
            await foreach (var row in database.Stream<KeyRow>($"SELECT organisation_id, spki_sha256, modulus FROM rsa_keys WHERE taken_at >= {since} AND shares_with IS NULL", ct))
            {
                if (!Ring(row.OrganisationId).Knows(row.SpkiSha256))
                {
                    news.Add(row);
                }
            }

            await TakeOver(news, ct);
            _readAt = started;
            await TakeAuthorities(ct);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task TakeOver(List<KeyRow> news, CancellationToken ct)
    {
        if (_readAt is null)
        {
            foreach (var ofOne in news.GroupBy(row => row.OrganisationId))
            {
                Ring(ofOne.Key).Load([.. ofOne.Select(row => (row.SpkiSha256, Number(row.Modulus)))]);
            }

            return;
        }

        var comparisons = news.ConvertAll(row => Ring(row.OrganisationId).Compare(row.SpkiSha256, Number(row.Modulus)));
        for (var i = 0; i < news.Count; i++)
        {
            if (await comparisons[i] is { IsOne: false } common)
            {
                await Record(news[i].OrganisationId, news[i].SpkiSha256, common, ct);
            }
        }
    }

    /// <summary>Whoever shares a prime with an authority has its key.</summary>
    private async Task TakeAuthorities(CancellationToken ct)
    {
        foreach (var authority in await authorities.All(ct))
        {
            var key = authority.Certificate.Key;
            if (key.Kind != KeyKind.Rsa || Ring(authority.OrganisationId).Knows(key.Sha256) || await Partner(authority.OrganisationId, key.Sha256, ct) is not null)
            {
                continue;
            }

            var unit = new WriteUnit();
            Remember(unit, authority.OrganisationId, key, Time.GetUtcNow());
            await database.Write(unit, ct);
            if (await Ring(authority.OrganisationId).Compare(key.Sha256, Number(key.Modulus)) is { IsOne: false } common)
            {
                await Record(authority.OrganisationId, key.Sha256, common, ct);
            }
        }
    }

    /// <summary>Marks every kept key that has the factor, and tells of each certificate that is lost with it.</summary>
    private async Task Record(string organisationId, byte[] found, BigInteger common, CancellationToken ct)
    {
        var affected = new List<byte[]>();
        await foreach (var row in database.Stream<KeyRow>($"SELECT organisation_id, spki_sha256, modulus FROM rsa_keys WHERE organisation_id = {organisationId} AND shares_with IS NULL", ct))
        {
            if (!BigInteger.GreatestCommonDivisor(Number(row.Modulus), common).IsOne)
            {
                affected.Add(row.SpkiSha256);
            }
        }

        var known = await authorities.Of(organisationId, ct);
        foreach (var key in affected)
        {
            var other = key.AsSpan().SequenceEqual(found) ? affected.First(k => !k.AsSpan().SequenceEqual(found)) : found;
            var unit = new WriteUnit();
            unit.Add($"UPDATE rsa_keys SET shares_with = {other} WHERE organisation_id = {organisationId} AND spki_sha256 = {key}");
            foreach (var certificate in await database.ReadList<string>($"SELECT id FROM certificates WHERE organisation_id = {organisationId} AND spki_sha256 = {key} ORDER BY id LIMIT 1000", ct))
            {
                audit.Append(unit, new AuditEntry(organisationId, Actor.System, "certificate.shared_prime", "certificate", certificate, $$"""{"sharesWith":"{{Convert.ToHexStringLower(other)}}"}"""));
                Found(log, certificate);
            }

            foreach (var authority in known.Where(a => a.Certificate.Key.Sha256.AsSpan().SequenceEqual(key)))
            {
                audit.Append(unit, new AuditEntry(organisationId, Actor.System, "authority.shared_prime", "authority", authority.Id, $$"""{"sharesWith":"{{Convert.ToHexStringLower(other)}}"}"""));
                FoundAuthority(log, authority.Id);
            }

            await database.Write(unit, ct);
        }
    }

    private static RefusalException Weak() => new(Refusal.WeakKey, "The RSA key shares a prime with another key known here: both private keys can be computed");

    private static BigInteger Number(ReadOnlyMemory<byte> modulus) => new(modulus.Span, isUnsigned: true, isBigEndian: true);

    [LoggerMessage(Level = LogLevel.Error, Message = "The key of certificate {Id} shares a prime with another key: revoke it and issue a new one for a new key")]
    private static partial void Found(ILogger log, string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "The key of authority {Id} shares a prime with another key: declare it compromised")]
    private static partial void FoundAuthority(ILogger log, string id);

    private sealed record KeyRow(string OrganisationId, byte[] SpkiSha256, byte[] Modulus);
}
