using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>The certificate has an issuer other than itself, or is itself trusted.</summary>
internal sealed class SelfSignedLeafCheck() : TlsCheck("self_signed_leaf", Severity.Critical, "RFC 5280 6.1")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Path is { IsTrusted: false, Members: [var leaf] } && Naming.IsSelfSigned(leaf)
            ? [Found($"\"{Naming.Show(leaf)}\" is signed with its own key and not in {listener.Trust.Name}")]
            : [];
}
