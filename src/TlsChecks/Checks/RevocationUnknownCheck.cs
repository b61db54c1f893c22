using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>The revocation lists and responders the certificates name are there, current, and the issuer's. Where another of them knows, it is a Notice.</summary>
internal sealed class RevocationUnknownCheck() : TlsCheck("revocation_unknown", Severity.Warning, "RFC 5280 6.3.3, RFC 6960 3.2")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from known in listener.Revocations
        from doubt in known.Revocation.Doubts
        let others = known.Revocation.Sources
        select others.Count > 0
            ? Found(Severity.Notice, $"\"{Naming.Show(known.Certificate)}\": {doubt}; not revoked by {string.Join(" and ", others)}")
            : Found($"\"{Naming.Show(known.Certificate)}\": {doubt}");
}
