using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>The revocation lists the certificates name are there, current, and the issuer's.</summary>
internal sealed class RevocationUnknownCheck() : TlsCheck("revocation_unknown", Severity.Warning, "RFC 5280 6.3.3")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from known in listener.Revocations
        where known.Revocation.Doubt is not null
        select Found($"\"{Naming.Show(known.Certificate)}\": {known.Revocation.Doubt}");
}
