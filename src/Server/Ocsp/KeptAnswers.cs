using System.Globalization;
using Countersign.Pki.Crl;
using Countersign.Pki.Ocsp;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;

namespace Countersign.Server.Ocsp;

/// <summary>A signed answer that may be given to many, with what HTTP says about it (RFC 5019 6.2).</summary>
internal sealed class KeptAnswer(byte[] der, DateTimeOffset thisUpdate, DateTimeOffset nextUpdate, string etag)
{
    internal byte[] Der => der;

    internal DateTimeOffset NextUpdate => nextUpdate;

    internal string ETag => etag;

    internal string LastModified { get; } = thisUpdate.ToString("R", CultureInfo.InvariantCulture);

    internal string Expires { get; } = nextUpdate.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Not from the future (the clock was set back) and not past half of its life.</summary>
    internal bool IsFresh(DateTimeOffset now) => now >= thisUpdate && now < thisUpdate + ((nextUpdate - thisUpdate) / 2);
}

/// <summary>What is known of a certificate of this authority.</summary>
internal sealed record KnownStatus(OcspCertStatus Status, DateTimeOffset? RevokedAt, RevocationReason Reason);

/// <summary>
/// The answers about one authority's certificates that are in memory. Whatever is kept belongs to a state of the revocations, counted by
/// <see cref="Version"/>: something worked out from an older state is given out but not kept.
/// </summary>
internal sealed class KeptAnswers(IssuingAuthority authority, IssuedUnder issued)
{
    // About 60 MB of answers at the most, per authority.
    private const int HalfOfTheAnswers = 25_000;
    private const int HalfOfTheStatuses = 100_000;

    private readonly TwoGenerations<SerialKey, KeptAnswer> _answers = new(HalfOfTheAnswers);
    private readonly TwoGenerations<SerialKey, KnownStatus> _statuses = new(HalfOfTheStatuses);
    private readonly OcspIssuer _issuer = new(authority.Certificate);
    private int _version;

    internal string AuthorityId => authority.Id;

    internal bool IsLost => authority.IsLost;

    internal int Version => Volatile.Read(ref _version);

    internal bool IsAbout(in OcspCertId id) => _issuer.Matches(id);

    internal KeptAnswer? Find(in SerialKey key, DateTimeOffset now) => _answers.Find(key) is { } kept && kept.IsFresh(now) ? kept : null;

    internal void Keep(in SerialKey key, KeptAnswer answer, int version)
    {
        _answers.Keep(key, answer);
        if (version != Version)
        {
            _answers.Forget(key);
        }
    }

    /// <summary>Something was revoked: nothing that was known counts any more.</summary>
    internal void Forget()
    {
        Interlocked.Increment(ref _version);
        _answers.Clear();
        _statuses.Clear();
    }

    /// <summary>Unknown for a serial number never issued; that is not kept, as it may be issued the next moment.</summary>
    internal async ValueTask<KnownStatus> StatusOf(ReadOnlyMemory<byte> serial, SerialKey key, CancellationToken ct)
    {
        var statusKey = key with { Form = 0 };
        if (_statuses.Find(statusKey) is { } known)
        {
            return known;
        }

        var version = Version;
        if (await issued.Status(authority.Id, Convert.ToHexStringLower(serial.Span), ct) is not { } row)
        {
            return new KnownStatus(OcspCertStatus.Unknown, null, RevocationReason.Unspecified);
        }

        var status = Status(row);
        _statuses.Keep(statusKey, status);
        if (version != Version)
        {
            _statuses.Forget(statusKey);
        }

        return status;
    }

    // RFC 6960 2.7: all certificates of an authority whose key is compromised may be answered as revoked; the same goes for one whose trust was removed.
    private KnownStatus Status(IssuedStatus row) => row switch
    {
        { State: "Revoked", RevokedAt: { } at } => new(OcspCertStatus.Revoked, Moment(at), (RevocationReason)(row.RevocationReason ?? 0)),
        _ when authority is { IsLost: true, Row.RetiredAt: { } at } => new(
            OcspCertStatus.Revoked, Moment(at), authority.State == AuthorityStage.Compromised ? RevocationReason.CaCompromise : RevocationReason.CessationOfOperation),
        _ => new(OcspCertStatus.Good, null, RevocationReason.Unspecified),
    };

    private static DateTimeOffset Moment(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
