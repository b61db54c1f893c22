namespace Countersign.TlsChecks.Checks;

/// <summary>The certificate of a server lasts at most 825 days, also from a private authority.</summary>
internal sealed class LongValidityCheck() : TlsCheck("long_validity", Severity.Warning, "Apple HT210176")
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(825);

    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Leaf is { } leaf && leaf.NotAfter - leaf.NotBefore > Longest ? [Found($"it lasts {(leaf.NotAfter - leaf.NotBefore).TotalDays:0} days")] : [];
}
