using Countersign.TlsChecks.Probing;

namespace Countersign.TlsChecks.Checks;

/// <summary>Somebody listens at the port.</summary>
internal sealed class UnreachableCheck() : TlsCheck("unreachable", Severity.Critical, "RFC 9293 3.5")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Seen.State == ProbeState.Unreachable ? [Found($"{listener.Seen.Target}: {listener.Seen.Fault}")] : [];
}
