using Countersign.Contracts;
using Countersign.Pki.X509;

namespace Countersign.Server.Nodes;

/// <summary>What is not as it should be about a slot. Codes are stable; words for people are in the resources under them.</summary>
internal static class SlotFindings
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(28);

    /// <param name="owners">In how many nodes and clusters this very certificate is in use.</param>
    internal static IReadOnlyList<SlotFinding> Of(OwnedSlot owned, Installation? active, Installation? pending, long owners, DateTimeOffset now)
    {
        var findings = new List<SlotFinding>();
        if (active is null)
        {
            // CSR-A6: what a client will say of it
            findings.Add(Found("name_not_covered", FindingSeverity.Warning, NameCover.Text(owned.Expected)));
        }
        else
        {
            OfCertificate(owned, active, owners, now, findings);
        }

        if (pending is not null)
        {
            findings.Add(Found("pending_activation", FindingSeverity.Notice, pending.Certificate.Subject.ToString()));
        }

        return findings;
    }

    private static void OfCertificate(OwnedSlot owned, Installation active, long owners, DateTimeOffset now, List<SlotFinding> findings)
    {
        var certificate = active.Certificate;
        if (certificate.NotAfter < now)
        {
            findings.Add(Found("expired", FindingSeverity.Error, $"{certificate.NotAfter:yyyy-MM-dd HH:mm} UTC"));
        }
        else if (certificate.NotAfter - now < Soon)
        {
            findings.Add(Found("expires_soon", FindingSeverity.Warning, $"{certificate.NotAfter:yyyy-MM-dd HH:mm} UTC"));
        }

        var missing = owned.Expected.Where(n => !NameCover.Covers(certificate.Sans, n.Name)).ToList();
        if (missing.Count > 0)
        {
            findings.Add(Found("name_not_covered", FindingSeverity.Warning, NameCover.Text(missing)));
        }

        // SLT-47, SLT-51, SLT-53: nothing to say in a lab
        if (owned.Owner.Production && active.Origin != CertificateOrigin.Outside)
        {
            findings.Add(active.Origin == CertificateOrigin.SelfSigned
                ? Found("self_signed", FindingSeverity.Warning, certificate.Subject.ToString())
                : Found("private_authority", FindingSeverity.Notice, certificate.Issuer.ToString()));
        }

        if (owners > 1 && certificate.Sans.OfType<SanEntry.Dns>().Any(d => d.Name.StartsWith("*.", StringComparison.Ordinal)))
        {
            findings.Add(Found("shared_wildcard", FindingSeverity.Warning, $"{owners}"));
        }
    }

    private static SlotFinding Found(string code, FindingSeverity severity, string detail) => new() { Code = code, Severity = severity, Detail = detail };
}
