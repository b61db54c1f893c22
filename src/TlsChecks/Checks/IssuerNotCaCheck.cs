using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Every issuer is an authority that may sign certificates.</summary>
internal sealed class IssuerNotCaCheck() : TlsCheck("issuer_not_ca", Severity.Critical, "RFC 5280 6.1.4")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        foreach (var (certificate, issuer) in listener.Links)
        {
            if (!issuer.IsCa && !(issuer.Version < 3 && listener.Trust.Holds(issuer)))
            {
                yield return Found($"\"{Naming.Show(issuer)}\", which signed \"{Naming.Show(certificate)}\", is no authority (CA:TRUE is missing)");
            }
            else if (issuer.KeyUsage is { } usage && !usage.HasFlag(KeyUsages.KeyCertSign))
            {
                yield return Found($"\"{Naming.Show(issuer)}\" may not sign certificates (keyCertSign is missing)");
            }
        }
    }
}
