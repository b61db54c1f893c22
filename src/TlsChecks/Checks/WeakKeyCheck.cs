using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Every key is strong enough and soundly made.</summary>
internal sealed class WeakKeyCheck() : TlsCheck("weak_key", Severity.Critical, "RFC 9325 4.5, NIST SP 800-131A")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from certificate in listener.WithoutRoot
        from flaw in KeyQuality.Flaws(certificate.Key)
        where flaw.Code == Refusal.WeakKey
        select Found($"\"{Naming.Show(certificate)}\": {flaw.Detail} ({flaw.Citation})");
}
