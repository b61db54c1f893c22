using Countersign.Pki.Signing;
using Countersign.Server.Resources;

namespace Countersign.Server.Profiles;

/// <summary>The name rules of a profile, one short sentence each, in the field's terms.</summary>
internal static class NameRuleText
{
    public static IReadOnlyList<string> Of(NameRules rules)
    {
        var sentences = new List<string>();
        if (rules.CommonNameRequired)
            sentences.Add(Words.Of("NameRule.CommonName"));
        if (rules.SanKinds.Count > 0)
            sentences.Add(Words.Of("NameRule.Kinds", string.Join(", ", rules.SanKinds)));
        if (rules.DnsSuffixes.Count > 0)
            sentences.Add(Words.Of("NameRule.Hosts", string.Join(", ", rules.DnsSuffixes)));
        if (rules.IpRanges.Count > 0)
            sentences.Add(Words.Of("NameRule.Addresses", string.Join(", ", rules.IpRanges)));
        if (rules.EmailDomains.Count > 0)
            sentences.Add(Words.Of("NameRule.Mail", string.Join(", ", rules.EmailDomains)));
        if (rules.WildcardAllowed)
            sentences.Add(Words.Of("NameRule.Wildcards"));
        if (rules.CopyCommonName)
            sentences.Add(Words.Of("NameRule.Copied"));
        if (rules.MaximumNames > 0)
            sentences.Add(Words.Of("NameRule.Most", rules.MaximumNames));
        return sentences;
    }
}
