using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Every certificate names the key that signed it.</summary>
internal sealed class AuthorityKeyIdCheck() : TlsCheck("authority_key_id_missing", Severity.Warning, "RFC 5280 4.2.1.1")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from certificate in listener.WithoutRoot
        where certificate.AuthorityKeyIdentifier is null && !Naming.IsSelfSigned(certificate)
        select Found($"\"{Naming.Show(certificate)}\" has no authority key identifier: strict clients refuse it, and with two generations of an authority others guess");
}
