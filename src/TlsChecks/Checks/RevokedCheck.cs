using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Nothing on the way to the root was revoked, as its issuer's list, responder or the server's own staple says.</summary>
internal sealed class RevokedCheck() : TlsCheck("revoked", Severity.Critical, "RFC 5280 6.3, RFC 6960 2.2")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from known in listener.Revocations
        let entry = known.Revocation.Entry
        where entry is not null
        select Found($"\"{Naming.Show(known.Certificate)}\" was revoked at {entry.RevokedAt:yyyy-MM-dd HH:mm:ss}Z ({entry.Reason})");
}
