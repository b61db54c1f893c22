namespace Countersign.TlsChecks.Checks;

/// <summary>Every certificate that is sent can be read.</summary>
internal sealed class UnreadableCertificateCheck() : TlsCheck("unreadable_certificate", Severity.Critical, "RFC 5280 4.1")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Seen.Unreadable is { } fault ? [Found(fault)] : [];
}
