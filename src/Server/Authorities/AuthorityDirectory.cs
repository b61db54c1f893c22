using System.Collections.Concurrent;
using System.Collections.Frozen;
using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Pki.X509;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>
/// All authorities of all organisations, kept in memory: whoever issues or checks asks here and waits for nothing. Read again after every
/// act of this server and, within seconds, after those of other servers on the same database.
/// </summary>
internal sealed class AuthorityDirectory(Database database, SigningKeys keys, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1);
    private Snapshot? _snapshot;

    /// <summary>The authority that signs what is issued now.</summary>
    /// <exception cref="RefusalException">ca_missing, expired</exception>
    internal ValueTask<IssuingAuthority> Issuing(string organisationId, CancellationToken ct) =>
        Volatile.Read(ref _snapshot) is { } known && known.Signing.TryGetValue(organisationId, out var authority) && !IsPast(authority) ? new(authority) : ReadIssuing(organisationId, ct);

    /// <summary>The same whether or not it is past its end; null if none is active.</summary>
    internal async ValueTask<IssuingAuthority?> Active(string organisationId, CancellationToken ct) => (await Current(ct)).Signing.GetValueOrDefault(organisationId);

    /// <summary>Any authority in any state; null if there is none of this id.</summary>
    internal async ValueTask<IssuingAuthority?> ById(string id, CancellationToken ct) => (await Current(ct)).ById.GetValueOrDefault(id);

    /// <exception cref="RefusalException">not_found</exception>
    internal async ValueTask<IssuingAuthority> Get(string organisationId, string id, CancellationToken ct) =>
        await ById(id, ct) is { } found && found.OrganisationId == organisationId ? found : throw new RefusalException(Refusal.NotFound, $"there is no authority {id}");

    /// <summary>Newest generation first, the root before those under it.</summary>
    internal async ValueTask<IReadOnlyList<IssuingAuthority>> Of(string organisationId, CancellationToken ct) =>
        [.. (await Current(ct)).ById.Values.Where(a => a.OrganisationId == organisationId).OrderByDescending(a => a.Generation).ThenBy(a => a.Kind == AuthorityKind.Issuing).ThenBy(a => a.Id)];

    internal async ValueTask<IReadOnlyCollection<IssuingAuthority>> All(CancellationToken ct) => (await Current(ct)).ById.Values;

    /// <summary>The authority's own certificate, then those above it up to the root, as far as they are known.</summary>
    internal async ValueTask<IReadOnlyList<Certificate>> Chain(string id, CancellationToken ct) => [.. Path(await Current(ct), id).Select(a => a.Certificate)];

    /// <summary>The same in PEM: what clients are given to trust.</summary>
    internal async ValueTask<string> BundlePem(string id, CancellationToken ct) => Pem(Path(await Current(ct), id));

    /// <summary>
    /// What is sent along with a certificate this authority signed: the authority's and those above it in PEM, without the root, which whoever checks
    /// has or does not trust (RFC 8446 4.4.2). This is "chain" wherever a file or an answer has one.
    /// </summary>
    internal async ValueTask<string> ChainPem(string id, CancellationToken ct)
    {
        var snapshot = await Current(ct);
        return snapshot.ChainsPem.GetOrAdd(id, static (id, of) => Pem(Path(of, id).Where(a => !a.Certificate.IsSelfIssued)), snapshot);
    }

    private static string Pem(IEnumerable<IssuingAuthority> authorities) => string.Concat(authorities.Select(a => PemFile.Write("CERTIFICATE", a.Certificate.Der.Span)));

    /// <summary>The authority above, as far as it is known.</summary>
    internal async ValueTask<IssuingAuthority?> Parent(IssuingAuthority authority, CancellationToken ct) =>
        authority.Row.ParentId is { } parent ? await ById(parent, ct) : null;

    /// <summary>The certificates of all authorities that are trusted now (active and retiring generations): what clients should trust, roots included.</summary>
    internal async ValueTask<IReadOnlyList<Certificate>> Trusted(string organisationId, CancellationToken ct) =>
        [.. (await Of(organisationId, ct)).Where(a => a.IsTrusted).Select(a => a.Certificate)];

    /// <summary>The trusted authority of this organisation that signed a certificate, the signature checked; null if none did. Says nothing about revocation or validity.</summary>
    internal async ValueTask<IssuingAuthority?> IssuerOf(string organisationId, Certificate certificate, CancellationToken ct) =>
        (await Of(organisationId, ct)).FirstOrDefault(a =>
            a is { IsTrusted: true, Kind: AuthorityKind.Issuing } && a.Certificate.Subject.IsSameAs(certificate.Issuer) && certificate.VerifySignature(a.Certificate.Key));

    /// <summary>Reads everything again.</summary>
    internal async Task Refresh(CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            Volatile.Write(ref _snapshot, await Read(ct));
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Reads again if another server has changed something.</summary>
    internal async Task RefreshIfChanged(CancellationToken ct)
    {
        if (Volatile.Read(ref _snapshot) is not { } known || known.Stamp != await ReadStamp(ct))
        {
            await Refresh(ct);
        }
    }

    public void Dispose() => _reading.Dispose();

    private async ValueTask<IssuingAuthority> ReadIssuing(string organisationId, CancellationToken ct)
    {
        await RefreshIfChanged(ct);
        return await Active(organisationId, ct) switch
        {
            null => throw new RefusalException(Refusal.CaMissing, "no certificate authority is active; generate or import one"),
            var past when IsPast(past) => throw new RefusalException(
                Refusal.Expired, $"the authority {past.Certificate.Subject} ended at {past.Certificate.NotAfter:yyyy-MM-dd HH:mm} UTC; roll it over or make a new generation"),
            var authority => authority,
        };
    }

    private bool IsPast(IssuingAuthority authority) => time.GetUtcNow() > authority.Certificate.NotAfter;

    private ValueTask<Snapshot> Current(CancellationToken ct) => Volatile.Read(ref _snapshot) is { } known ? new(known) : First(ct);

    private async ValueTask<Snapshot> First(CancellationToken ct)
    {
        await Refresh(ct);
        return _snapshot!;
    }

    private static IEnumerable<IssuingAuthority> Path(Snapshot snapshot, string? id)
    {
        const int LongestChain = 10;
        for (var i = 0; i < LongestChain && id is not null && snapshot.ById.TryGetValue(id, out var authority); i++)
        {
            yield return authority;
            id = authority.Row.ParentId;
        }
    }

    private async Task<Snapshot> Read(CancellationToken ct)
    {
        var stamp = await ReadStamp(ct);
        var rows = await database.ReadList<AuthorityRow>(
            $"SELECT {AuthorityRow.Columns}, k.custody, k.sealed FROM authorities a LEFT JOIN signing_keys k ON k.id = a.key_id ORDER BY a.id", ct);
        var all = rows.Select(r => new IssuingAuthority(r, r.Kind == nameof(AuthorityKind.Issuing) ? keys.Open(r) : null)).ToFrozenDictionary(a => a.Id);
        var signing = all.Values.Where(a => a is { Kind: AuthorityKind.Issuing, State: AuthorityStage.Active }).ToFrozenDictionary(a => a.OrganisationId);
        return new Snapshot(stamp, all, signing);
    }

    // A handful of rows: reading their states is cheaper than a counter somebody may forget to raise.
    private async Task<string> ReadStamp(CancellationToken ct) =>
        string.Join(' ', (await database.ReadList<StampRow>($"SELECT id, state, lost FROM authorities ORDER BY id", ct)).Select(r => $"{r.Id}:{r.State}:{r.Lost}"));

    private sealed record StampRow(string Id, string State, long Lost);

    private sealed record Snapshot(string Stamp, FrozenDictionary<string, IssuingAuthority> ById, FrozenDictionary<string, IssuingAuthority> Signing)
    {
        public ConcurrentDictionary<string, string> ChainsPem { get; } = new(StringComparer.Ordinal);   // asked for with every certificate
    }
}
