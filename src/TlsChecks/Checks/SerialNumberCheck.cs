using Countersign.Pki.Lint;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Serial numbers are positive and have at most 20 octets.</summary>
internal sealed class SerialNumberCheck() : TlsCheck("serial_number", Severity.Warning, "RFC 5280 4.1.2.2")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from certificate in listener.WithoutRoot
        from breach in Linter.CheckCertificate(certificate)
        where breach.Rule == "serial"
        select Found($"\"{Naming.Show(certificate)}\": {breach.Detail}");
}
