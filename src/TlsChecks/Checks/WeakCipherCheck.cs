using Countersign.TlsChecks.Probing;

namespace Countersign.TlsChecks.Checks;

/// <summary>Nothing without encryption or authentication, of export strength, or with DES or RC4 is accepted. 3DES is a Warning.</summary>
internal sealed class WeakCipherCheck() : TlsCheck("weak_cipher", Severity.Critical, "RFC 9325 4.1, RFC 7465")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        from offer in listener.Seen.Ciphers
        where offer is { Suite: not null, Family.Grade: > 'B' }
        select Found(offer.Family == CipherFamily.TripleDes ? Severity.Warning : Severity.Critical, $"{offer.Suite} is accepted");
}
