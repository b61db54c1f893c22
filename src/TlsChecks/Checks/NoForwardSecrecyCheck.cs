using Countersign.TlsChecks.Probing;

namespace Countersign.TlsChecks.Checks;

/// <summary>A suite with forward secrecy is to be had.</summary>
internal sealed class NoForwardSecrecyCheck() : TlsCheck("no_forward_secrecy", Severity.Warning, "RFC 9325 4.1")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        var accepted = listener.Seen.Ciphers.Where(offer => offer.Suite is not null).ToList();
        return listener.Seen.Versions.Contains(TlsVersion.Tls13) || accepted.Exists(o => o.Family == CipherFamily.Recommended || o.Family == CipherFamily.Chained)
            ? []
            : accepted.Where(o => o.Family == CipherFamily.StaticKey).Select(o => Found($"of the usual suites only {o.Suite} and its like are accepted"));
    }
}
