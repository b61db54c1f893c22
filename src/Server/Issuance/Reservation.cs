using Countersign.Pki;
using Countersign.Server.Storage;

namespace Countersign.Server.Issuance;

/// <summary>
/// Keeps the place a certificate will take while it is being signed. Part of the unit that claims, so that of two at the same moment one is told before anything
/// is signed; the unique index requests_reserves decides between servers. What slips through between two servers is found out when the certificate is recorded.
/// </summary>
internal static class Reservation
{
    public static void Add(WriteUnit unit, Grant grant, DateTimeOffset now)
    {
        if (grant.Renews is { } old)
        {
            unit.Add($"""
                UPDATE requests SET reserves = {$"renewal of {old}"} WHERE id = {grant.RequestId}
                  AND EXISTS (SELECT 1 FROM certificates WHERE id = {old} AND organisation_id = {grant.OrganisationId} AND state = 'Active')
                """, expect: 1, orElse: NotActive);
        }
        else if (grant.Holder is { } holder)
        {
            unit.Add($"""
                UPDATE requests SET reserves = {holder} WHERE id = {grant.RequestId}
                  AND NOT EXISTS (SELECT 1 FROM certificates WHERE organisation_id = {grant.OrganisationId} AND holder = {holder} AND state = 'Active' AND not_after >= {now})
                """, expect: 1, orElse: () => Taken(grant));
        }
    }

    public static bool Of(Grant grant) => grant.Renews is not null || grant.Holder is not null;

    public static RefusalException Taken(Grant grant, Exception? cause = null) => grant.Renews is not null
        ? new RefusalException(Refusal.NotRenewable, "another renewal of the same certificate is being issued at this moment", cause)
        : new RefusalException(Refusal.ActiveCertificateExists, "another request of the same holder is being issued at this moment", cause);

    public static RefusalException NotActive() => new(Refusal.NotRenewable, "the certificate to renew was revoked or renewed a moment ago");
}
