using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Everything on the way to the root has begun.</summary>
internal sealed class NotYetValidCheck() : TlsCheck("not_yet_valid", Severity.Critical, "RFC 5280 4.1.2.5, 6.1.3")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from certificate in listener.Path?.Members ?? []
        where certificate.NotBefore > listener.Now
        select Found($"\"{Naming.Show(certificate)}\" begins at {certificate.NotBefore:yyyy-MM-dd HH:mm:ss}Z");
}
