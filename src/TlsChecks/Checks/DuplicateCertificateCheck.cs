using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>No certificate is sent twice.</summary>
internal sealed class DuplicateCertificateCheck() : TlsCheck("duplicate_certificate", Severity.Warning, "RFC 8446 4.4.2")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from same in listener.Sent.GroupBy(c => c.Sha256)
        where same.Count() > 1
        select Found($"\"{Naming.Show(same.First())}\" is sent {same.Count()} times");
}
