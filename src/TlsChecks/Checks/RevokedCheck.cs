using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Nothing on the way to the root is in its issuer's revocation list.</summary>
internal sealed class RevokedCheck() : TlsCheck("revoked", Severity.Critical, "RFC 5280 6.3")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from link in listener.Links
        let entry = Revocation.Of(link.Certificate, link.Issuer, listener.Seen.Lists, listener.Now).Entry
        where entry is not null
        select Found($"\"{Naming.Show(link.Certificate)}\" was revoked at {entry.RevokedAt:yyyy-MM-dd HH:mm:ss}Z ({entry.Reason})");
}
