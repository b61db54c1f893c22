using Countersign.Pki.Signing;

namespace Countersign.Server.Profiles;

/// <summary>The name rules of a profile, one short sentence each, in the field's terms.</summary>
internal static class NameRuleText
{
    public static IReadOnlyList<string> Of(NameRules rules)
    {
        var sentences = new List<string>();
        if (rules.CommonNameRequired)
            sentences.Add("A common name (CN) is required.");
        if (rules.SanKinds.Count > 0)
            sentences.Add($"Alternative names (SAN): {string.Join(", ", rules.SanKinds)}.");
        if (rules.DnsSuffixes.Count > 0)
            sentences.Add($"Host names only below {string.Join(", ", rules.DnsSuffixes)}.");
        if (rules.IpRanges.Count > 0)
            sentences.Add($"Addresses only in {string.Join(", ", rules.IpRanges)}.");
        if (rules.EmailDomains.Count > 0)
            sentences.Add($"Mail addresses only in {string.Join(", ", rules.EmailDomains)}.");
        if (rules.WildcardAllowed)
            sentences.Add("Wildcard names are allowed.");
        if (rules.CopyCommonName)
            sentences.Add("The common name is copied into the alternative names.");
        if (rules.MaximumNames > 0)
            sentences.Add($"At most {rules.MaximumNames} names.");
        return sentences;
    }
}
