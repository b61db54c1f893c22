using Countersign.Pki;
using Countersign.Pki.Requests;
using Countersign.Server.Storage;

namespace Countersign.Server.Certificates;

/// <summary>One active certificate per holder (REV-A2), and the planned renewal that overlaps (REV-A6, X-20).</summary>
internal sealed class Renewals(Database db, TimeProvider clock)
{
    /// <summary>A certificate may be renewed in the last third of its life.</summary>
    public static DateTimeOffset WindowOpens(DateTimeOffset notBefore, DateTimeOffset notAfter) => notAfter - ((notAfter - notBefore) / 3);

    /// <summary>The id of the certificate that may be renewed with this request, or a refusal that says when or why not.</summary>
    public async Task<string> Renewable(string organisationId, string certificateId, CertificationRequest csr, CancellationToken ct)
    {
        var old = await db.ReadOne<CertificateRow>($"SELECT {CertificateRow.Columns} FROM certificates WHERE id = {certificateId} AND organisation_id = {organisationId}", ct)
            ?? throw new RefusalException(Refusal.NotFound, $"certificate {certificateId}, which this request says it renews");
        var now = clock.GetUtcNow();
        if (old.State != "Active" || old.Ends < now)
            throw new RefusalException(Refusal.NotRenewable, $"the certificate to renew is {old.StateAt(now)}; ask for a new one without naming it");
        if (WindowOpens(old.Begins, old.Ends) is var opens && now < opens)
            throw new RefusalException(Refusal.TooEarly, $"it can be renewed from {opens:yyyy-MM-dd HH:mm} UTC on; for a lost or stolen key revoke it and ask again");
        if (old.SpkiSha256.AsSpan().SequenceEqual(csr.Key.Sha256))
            throw new RefusalException(Refusal.SameKey, "a renewal brings a new key; this request has the key of the certificate it renews");
        return old.Id;
    }

    /// <summary>Refuses while the holder has an active certificate that this one does not renew.</summary>
    public async Task EnsureHolderIsFree(string organisationId, string? holder, string? renews, CancellationToken ct)
    {
        if (holder is null)
            return;
        var active = await db.ReadOne<CertificateRow>($"""
            SELECT {CertificateRow.Columns} FROM certificates
            WHERE organisation_id = {organisationId} AND holder = coalesce((SELECT holder FROM certificates WHERE id = {renews}), {holder}) AND state = 'Active' AND not_after >= {clock.GetUtcNow()}
            """, ct);
        if (active is null || active.Id == renews)
            return;
        var opens = WindowOpens(active.Begins, active.Ends);
        throw new RefusalException(Refusal.ActiveCertificateExists,
            $"certificate {active.Id} with serial {active.Serial} is active until {active.Ends:yyyy-MM-dd HH:mm} UTC; revoke it, or renew it from {opens:yyyy-MM-dd HH:mm} UTC on")
        {
            Facts = new Dictionary<string, object?>(StringComparer.Ordinal) { ["certificateId"] = active.Id, ["serial"] = active.Serial, ["renewableFrom"] = opens },
        };
    }
}
