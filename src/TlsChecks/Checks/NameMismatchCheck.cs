using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>The name asked for is one of the certificate's alternative names.</summary>
internal sealed class NameMismatchCheck() : TlsCheck("name_mismatch", Severity.Critical, "RFC 9525 6")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        var name = listener.Seen.Name;
        if (listener.Leaf is not { } leaf || HostNames.Covers(leaf, name) || CommonNameOnlyCheck.Applies(leaf, name))
        {
            return [];
        }

        var isSpeltAsName = leaf.Sans.OfType<SanEntry.Dns>().Any(dns => dns.Name == name);
        var names = leaf.Sans.Count == 0 ? "no alternative name" : string.Join(", ", leaf.Sans.Take(20));
        return [Found($"{name} is not in the certificate, which has {names}{(isSpeltAsName ? ": the address must be an iPAddress, not a dNSName" : "")}")];
    }
}
