using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Nothing is sent that has no part in the chain; a second way to another root is no fault.</summary>
internal sealed class SuperfluousCertificateCheck() : TlsCheck("superfluous_certificate", Severity.Warning, "RFC 5246 7.4.2")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from certificate in listener.Sent.Skip(1).DistinctBy(c => c.Sha256)
        let path = listener.Path?.Members ?? []
        where !Naming.IsSelfSigned(certificate) && !path.Any(m => Naming.Same(m, certificate) || Naming.MayHaveIssued(certificate, m))
        select Found($"\"{Naming.Show(certificate)}\" has nothing to do with the certificate of this server");
}
