using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Probing;

namespace Countersign.TlsChecks.Trust;

/// <summary>What the lists say of one certificate (RFC 5280, 6.3.3).</summary>
/// <param name="Entry">Its entry; null when it is in no list.</param>
/// <param name="Doubt">Why that is not known; null when it is, or when the certificate names no list.</param>
internal sealed record Revocation(CrlEntry? Entry, string? Doubt)
{
    public static Revocation Of(Certificate certificate, Certificate issuer, IReadOnlyList<FetchedList> lists, DateTimeOffset now)
    {
        var addresses = RevocationLists.AddressesOf(certificate);
        string? doubt = null;
        foreach (var fetched in lists.Where(l => addresses.Contains(l.Address)))
        {
            var fault = Fault(fetched, issuer, addresses, now);
            if (fault is null && fetched.List is { } list)
            {
                try
                {
                    if (list.Find(certificate.Serial) is { } entry)
                    {
                        return new Revocation(entry, null); // also in a list that is over: nothing is un-revoked by time
                    }

                    fault = list.NextUpdate < now ? $"the list ended at {list.NextUpdate:yyyy-MM-dd HH:mm:ss}Z" : null;
                }
                catch (RefusalException unreadable)
                {
                    fault = unreadable.Detail;
                }
            }

            if (fault is null)
            {
                return new Revocation(null, null);
            }

            doubt = $"{fetched.Address}: {fault}";
        }

        return new Revocation(null, doubt);
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
