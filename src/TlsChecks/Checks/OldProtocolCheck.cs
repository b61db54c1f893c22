using Countersign.TlsChecks.Probing;

namespace Countersign.TlsChecks.Checks;

/// <summary>TLS 1.0 and 1.1 are off. Beside newer versions they are a Warning.</summary>
internal sealed class OldProtocolCheck() : TlsCheck("old_protocol", Severity.Critical, "RFC 8996, RFC 9325 3.1.1")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        var versions = listener.Seen.Versions;
        var old = versions.Where(v => v < TlsVersion.Tls12).Select(v => "TLS " + v.Number()).ToList();
        return old.Count == 0 ? []
            : versions.Any(v => v >= TlsVersion.Tls12) ? [Found(Severity.Warning, $"{string.Join(" and ", old)} are accepted")]
            : [Found($"only {string.Join(" and ", old)} are accepted")];
    }
}
