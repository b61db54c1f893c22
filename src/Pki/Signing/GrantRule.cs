namespace Countersign.Pki.Signing;

/// <summary>Stable names of what decides over a field of a certificate; the Rule of a <see cref="NameDecision"/>.</summary>
public static class GrantRule
{
    public const string CopyCommonName = "profile.copy_common_name";
    public const string DnsSuffixes = "profile.dns_suffixes";
    public const string EmailDomains = "profile.email_domains";
    public const string Extensions = "profile.extensions";
    public const string ForcedAttributes = "profile.forced_attributes";
    public const string IssuerValidity = "issuer.validity";
    public const string IpRanges = "profile.ip_ranges";
    public const string KeptAttributes = "profile.kept_attributes";
    public const string SanKinds = "profile.san_kinds";
    public const string UriSchemes = "profile.uri_schemes";
    public const string Validity = "profile.validity";
    public const string Wildcard = "profile.wildcard";

    /// <summary>A person, at approval.</summary>
    public const string Officer = "officer";
}
