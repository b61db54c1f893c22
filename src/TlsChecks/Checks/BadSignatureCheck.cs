using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Every signature in the chain is the issuer's.</summary>
internal sealed class BadSignatureCheck() : TlsCheck("bad_signature", Severity.Critical, "RFC 5280 6.1.3")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Path is { IsTrusted: false, Forged: { } forged } ? [Found($"the signature of \"{Naming.Show(forged)}\" is not of the issuer named in it, \"{forged.Issuer}\"")] : [];
}
