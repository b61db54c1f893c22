using Countersign.TlsChecks.Probing;

namespace Countersign.TlsChecks.Checks;

/// <summary>The name leads to an address.</summary>
internal sealed class NotResolvedCheck() : TlsCheck("not_resolved", Severity.Critical, "RFC 1034 3.7")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Seen.State == ProbeState.NotResolved ? [Found(listener.Seen.Fault!)] : [];
}
