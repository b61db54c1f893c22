using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>No root is sent: who trusts it has it, and who does not will not believe it. A trusted one is only a Notice.</summary>
internal sealed class SelfSignedInChainCheck() : TlsCheck("self_signed_in_chain", Severity.Critical, "RFC 8446 4.4.2, TST-01")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        foreach (var root in listener.Sent.Skip(1).Where(c => Naming.IsSelfSigned(c) && !Naming.Same(c, listener.Leaf!)).DistinctBy(c => c.Sha256))
        {
            var decides = listener.Path is { IsTrusted: false } path && path.Members.Any(m => Naming.Same(m, root));
            yield return decides
                ? Found($"the root \"{Naming.Show(root)}\" is sent, but not in {listener.Trust.Name}")
                : Found(Severity.Notice, $"the root \"{Naming.Show(root)}\" is sent and not needed");
        }
    }
}
