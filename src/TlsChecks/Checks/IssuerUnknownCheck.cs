using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>What is sent leads to a root the client has.</summary>
internal sealed class IssuerUnknownCheck() : TlsCheck("issuer_unknown", Severity.Critical, "RFC 5280 6.1")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Path is { IsTrusted: false, Forged: null, Members: [_, .., var top] } && !Naming.IsSelfSigned(top)
            ? [Found($"the chain ends at \"{Naming.Show(top)}\"; its issuer \"{top.Issuer}\" is neither sent nor in {listener.Trust.Name}")]
            : [];
}
