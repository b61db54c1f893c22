using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>The name is not in the common name alone.</summary>
internal sealed class CommonNameOnlyCheck() : TlsCheck("common_name_only", Severity.Critical, "RFC 9525 2, RFC 6125 6.4.4")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Leaf is { } leaf && Applies(leaf, listener.Seen.Name) ? [Found($"{listener.Seen.Name} is only the common name of the certificate")] : [];

    internal static bool Applies(Certificate leaf, string name) =>
        leaf.Sans.Count == 0 && leaf.Subject.CommonName is { } common && (HostNames.Matches(common, name) || common == name);
}
