using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>All ports of one host that are checked together show the same certificate.</summary>
internal sealed class ListenersDifferCheck() : TlsCheck("listeners_differ", Severity.Warning, "TST-19")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        if (listener.Siblings.FirstOrDefault(s => s.Certificates.Count > 0) is not { } first || listener.Leaf is not { } leaf || Naming.Same(first.Certificates[0], leaf))
        {
            return [];
        }

        var other = first.Certificates[0];
        return [Found($"{first.Target} shows \"{Naming.Show(other)}\" (serial {other.SerialHex}), {listener.Seen.Target} shows \"{Naming.Show(leaf)}\" (serial {leaf.SerialHex})")];
    }
}
