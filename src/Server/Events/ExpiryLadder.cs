using Countersign.Server.Access;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Events;

/// <summary>
/// Looks every minute what draws to its end. Of a million certificates only those are read that came to a step since the last look: one short stretch of
/// the index on the end per step. Servers that share a database share the mark up to where it has been looked.
/// </summary>
internal sealed class ExpiryLadder(
    Database database, ExpiryNotices notices, Inventory certificates, AuthorityEnds authorities, TokenDesk tokens, TimeProvider time, ILogger<ExpiryLadder> log)
    : RepeatedWork(time, Every, log)
{
    private const string Mark = "ladder";
    private const int AtOnce = 200;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    /// <summary>Above it, one stretch over all steps is less work than one per step.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromDays(1);

    /// <summary>How far clocks of servers may be apart. A mark further ahead was made by a clock that was wrong.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromHours(1);

    private DateTimeOffset _next;
    private HashSet<string> _overdue = [];

    protected override async Task Turn(CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        if (now < _next && _next - now <= Between)
        {
            return;
        }

        var since = await LookedAt(ct);
        if (since is { } mark && mark > now && mark - now <= Apart)
        {
            return;
        }

        if (since > now)
        {
            since = null;
        }

        await Certificates(since, now, ct);
        await Others(since, now, ct);
        await database.Write(
            $"""
             INSERT INTO expiry_marks (organisation_id, id, at) VALUES ({""}, {Mark}, {now})
             ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE expiry_marks.at < excluded.at OR expiry_marks.at > excluded.at + {Apart}
             """,
            ct);
        _next = now + Between;
    }

    private async Task<DateTimeOffset?> LookedAt(CancellationToken ct) =>
        await database.ReadOne<long?>($"SELECT at FROM expiry_marks WHERE id = {Mark}", ct) is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    private async Task Certificates(DateTimeOffset? since, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var (from, until) in Stretches(since, now))
        {
            CertificateEnd? last = null;
            do
            {
                var page = await certificates.Ending(from, until, last, AtOnce, ct);
                await Tell(page.Select(Thing), since, now, ct);
                last = page.Count == AtOnce ? page[^1] : null;
            }
            while (last is not null);
        }
    }

    private async Task Others(DateTimeOffset? since, DateTimeOffset now, CancellationToken ct)
    {
        var ends = await authorities.All(ct);
        await Tell(ends.Where(e => !e.RenewsItself).Select(Thing), since, now, ct);

        // A list that makes itself anew has nothing ahead. One that is over at two looks is not made any more, whatever the reason; at one look it may be in the making.
        var overdue = ends.Where(e => e.RenewsItself && e.End <= now).ToDictionary(e => $"{e.Authority.Id}/{e.End.ToUnixTimeMilliseconds()}");
        await Tell(overdue.Where(o => _overdue.Contains(o.Key)).Select(o => Thing(o.Value)), null, now, ct);
        _overdue = [.. overdue.Keys];

        var (from, until) = Whole(now);
        await Tell((await tokens.Ending(from, until, ct)).Select(t => new ExpiringThing(t.OrganisationId, "token", t.Id, t.Name, t.Ends) { Begin = t.Made }), since, now, ct);
    }

    private async Task Tell(IEnumerable<ExpiringThing> things, DateTimeOffset? since, DateTimeOffset now, CancellationToken ct)
    {
        var unit = new WriteUnit();
        var any = false;
        foreach (var thing in things)
        {
            any |= notices.Raise(unit, thing, since, now);
        }

        if (any)
        {
            await database.Write(unit, ct);
        }
    }

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> Stretches(DateTimeOffset? since, DateTimeOffset now) =>
        since is { } then && now - then <= LongPause
            ? ExpirySteps.Rungs.Select(days => (then.AddDays(days), now.AddDays(days)))
            : [Whole(now)];

    private static (DateTimeOffset From, DateTimeOffset Until) Whole(DateTimeOffset now) => (now.AddDays(-ExpirySteps.MostDaysAfter - 1), now.AddDays(ExpirySteps.MostDaysAhead));

    private static ExpiringThing Thing(CertificateEnd certificate) =>
        new(certificate.OrganisationId, "certificate", certificate.Id, certificate.Name, DateTimeOffset.FromUnixTimeMilliseconds(certificate.NotAfter))
        {
            Begin = DateTimeOffset.FromUnixTimeMilliseconds(certificate.NotBefore),
        };

    private static ExpiringThing Thing(AuthorityEnd end) =>
        new(end.Authority.OrganisationId, end.IsList ? "crl" : "authority", end.Authority.Id, end.Authority.Certificate.Subject.CommonName ?? end.Authority.Certificate.Subject.ToString(), end.End)
        {
            Begin = end.Begin,
        };
}
