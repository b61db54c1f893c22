using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>The certificate of a server is no authority.</summary>
internal sealed class LeafIsCaCheck() : TlsCheck("leaf_is_ca", Severity.Critical, "RFC 5280 4.2.1.9")
{
    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Leaf is { IsCa: true } leaf ? [Found($"\"{Naming.Show(leaf)}\" says CA:TRUE: whoever has its key can make certificates")] : [];
}
