using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Nothing on the way to the root has ended.</summary>
internal sealed class ExpiredCheck() : TlsCheck("expired", Severity.Critical, "RFC 5280 4.1.2.5, 6.1.3")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from certificate in listener.Path?.Members ?? []
        where certificate.NotAfter < listener.Now
        select Found($"\"{Naming.Show(certificate)}\" ended at {certificate.NotAfter:yyyy-MM-dd HH:mm:ss}Z");
}
