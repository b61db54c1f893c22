using Countersign.TlsChecks.Probing;

namespace Countersign.TlsChecks.Checks;

/// <summary>A handshake shows a certificate.</summary>
internal sealed class NoTlsCheck() : TlsCheck("no_tls", Severity.Critical, "RFC 8446 2")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Seen.State == ProbeState.NoTls ? [Found($"{listener.Seen.Target}: {listener.Seen.Fault ?? "no certificate was shown"}")] : [];
}
