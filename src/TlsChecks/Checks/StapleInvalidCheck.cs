namespace Countersign.TlsChecks.Checks;

/// <summary>An OCSP answer the server brings along is one about its certificate, by one who may give it. Without must-staple it is a Warning.</summary>
internal sealed class StapleInvalidCheck() : TlsCheck("staple_invalid", Severity.Critical, "RFC 6066 8, RFC 6960 3.2")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Staple is { Fault: { } fault, IsOver: false } ? [Found(StapleMissingCheck.MustStaple(listener.Leaf!) ? Severity.Critical : Severity.Warning, fault)] : [];
}
