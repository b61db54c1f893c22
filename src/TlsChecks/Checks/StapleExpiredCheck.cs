namespace Countersign.TlsChecks.Checks;

/// <summary>An OCSP answer the server brings along is current. Without must-staple it is a Warning.</summary>
internal sealed class StapleExpiredCheck() : TlsCheck("staple_expired", Severity.Critical, "RFC 6960 4.2.2.1")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Staple is { Fault: { } fault, IsOver: true } ? [Found(StapleMissingCheck.MustStaple(listener.Leaf!) ? Severity.Critical : Severity.Warning, fault)] : [];
}
