using Countersign.TlsChecks.Probing;

namespace Countersign.TlsChecks.Checks;

/// <summary>TLS 1.2 is offered: phones break off where it is not.</summary>
internal sealed class OnlyTls13Check() : TlsCheck("only_tls13", Severity.Warning, "RFC 9325 3.1.1")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Seen.Versions is [TlsVersion.Tls13] ? [Found("only TLS 1.3 is accepted")] : [];
}
