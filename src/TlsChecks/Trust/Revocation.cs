using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Pki.Ocsp;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Probing;

namespace Countersign.TlsChecks.Trust;

/// <summary>What lists (RFC 5280, 6.3.3) and responders (RFC 6960) say of one certificate.</summary>
/// <param name="Entry">Where and why it was revoked; null when nobody says so.</param>
/// <param name="Sources">Who says with proof that it was not.</param>
/// <param name="Doubts">Why others prove nothing.</param>
internal sealed record Revocation(CrlEntry? Entry, IReadOnlyList<string> Sources, IReadOnlyList<string> Doubts)
{
    public static Revocation Of(Certificate certificate, Certificate issuer, Observation seen, DateTimeOffset now)
    {
        var sources = new List<string>();
        var doubts = new List<string>();
        foreach (var (address, entry, fault) in Lists(certificate, issuer, seen.Lists, now).Concat(Answers(certificate, issuer, seen.Answers, now)))
        {
            if (entry is not null)
            {
                return new Revocation(entry, [], []);
            }

            (fault is null ? sources : doubts).Add(fault is null ? address : $"{address}: {fault}");
        }

        return new Revocation(null, sources, doubts);
    }

    /// <summary>An answer of a responder in the words of a list: also one that is over, nothing is un-revoked by time.</summary>
    public static CrlEntry? EntryOf(StatusAnswer answer) =>
        answer.Single is { Status: OcspCertStatus.Revoked } single ? new CrlEntry(single.Id.Serial.ToArray(), single.RevokedAt ?? single.ThisUpdate, single.Reason) : null;

    private static IEnumerable<(string Address, CrlEntry? Entry, string? Fault)> Answers(Certificate certificate, Certificate issuer, IReadOnlyList<FetchedAnswer> answers, DateTimeOffset now) =>
        from fetched in answers
        where Naming.Same(fetched.Certificate, certificate)
        let said = fetched.Answer is { } answer ? StatusAnswer.Of(answer, certificate, issuer, now) : new StatusAnswer(null, fetched.Fault)
        select (fetched.Address, EntryOf(said), said.Fault);

    private static IEnumerable<(string Address, CrlEntry? Entry, string? Fault)> Lists(Certificate certificate, Certificate issuer, IReadOnlyList<FetchedList> lists, DateTimeOffset now)
    {
        var addresses = RevocationLists.AddressesOf(certificate);
        foreach (var fetched in lists.Where(l => addresses.Contains(l.Address)))
        {
            CrlEntry? entry = null;
            var fault = Fault(fetched, issuer, addresses, now);
            if (fault is null && fetched.List is { } list)
            {
                try
                {
                    entry = list.Find(certificate.Serial); // also in a list that is over: nothing is un-revoked by time
                    fault = entry is null && list.NextUpdate < now ? $"the list ended at {list.NextUpdate:yyyy-MM-dd HH:mm:ss}Z" : null;
                }
                catch (RefusalException unreadable)
                {
                    fault = unreadable.Detail;
                }
            }

            yield return (fetched.Address, entry, fault);
        }
    }

    /// <summary>Why the list cannot be believed. That it is over says nothing against its entries.</summary>
    private static string? Fault(FetchedList fetched, Certificate issuer, IReadOnlyList<string> addresses, DateTimeOffset now) => fetched.List switch
    {
        null => fetched.Fault,
        { IsPartial: true } => "the list is for a part of the certificates only",
        var list when !list.Issuer.IsSameAs(issuer.Subject) => $"the list is of \"{list.Issuer}\"",
        var list when !list.VerifySignature(issuer.Key) => "the list is not signed by the issuer",
        { DistributionPoint: { } place } when !addresses.Contains(place) => $"the list is the one of {place}", // 6.3.3 (b)(2)(i)
        var list when list.ThisUpdate > now => "the list has not begun",
        _ => null,
    };
}
