using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>No certificate is signed with SHA-1 or MD5; a root's own signature does not count.</summary>
internal sealed class WeakSignatureCheck() : TlsCheck("weak_signature", Severity.Critical, "RFC 9155, RFC 6151")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from certificate in listener.WithoutRoot
        where certificate.SignatureAlgorithm.IsWeak()
        select Found($"\"{Naming.Show(certificate)}\" is signed by {certificate.SignatureAlgorithm.Describe()}");
}
