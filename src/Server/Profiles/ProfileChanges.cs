using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Server.Profiles;

/// <summary>From what somebody sends or fills in to a profile, and back. Words that mean nothing are refused here, rules that do not fit together when it is saved.</summary>
internal static class ProfileChanges
{
    internal static Profile ApplyTo(this SaveProfile body, Profile basis) => basis with
    {
        Title = body.Title ?? basis.Title,
        ApprovalsNeeded = body.ApprovalsNeeded ?? basis.ApprovalsNeeded,
        Automatic = body.Automatic ?? basis.Automatic,
        OneActivePerHolder = body.OneActivePerHolder ?? basis.OneActivePerHolder,
        Enabled = body.Enabled ?? basis.Enabled,
        Definition = Applied(body.Definition ?? new ProfileDefinition(), basis.Definition)
            .ValidFor(body.ValidityDays is { } days ? Days(days) : basis.Definition.Validity),
    };

    internal static ProfileDefinition View(IssuingProfile p) => new()
    {
        KeyUsages = p.KeyUsage.Names(),
        Ekus = p.ExtendedKeyUsages,
        AllowedKeys = [.. p.AllowedKeys.Select(k => k.ToString())],
        MinimumRsaBits = p.MinimumRsaBits,
        Policies = p.Policies,
        SanKinds = p.Names.SanKinds,
        DnsSuffixes = p.Names.DnsSuffixes,
        IpRanges = p.Names.IpRanges,
        EmailDomains = p.Names.EmailDomains,
        UriSchemes = p.Names.UriSchemes,
        KeptAttributes = [.. p.Names.KeptAttributes.Select(NameOf)],
        ForcedAttributes = [.. p.Names.ForcedAttributes.Select(a => $"{NameOf(a.Oid)}={a.Value}")],
        RequiredAttributes = [.. p.Names.RequiredAttributes.Select(NameOf)],
        CommonNameRequired = p.Names.CommonNameRequired,
        CopyCommonName = p.Names.CopyCommonName,
        SanRequired = p.Names.SanRequired,
        WildcardAllowed = p.Names.WildcardAllowed,
        MaximumNames = p.Names.MaximumNames,
    };

    /// <summary>Who says how long certificates live means it: the longest lifetime follows where it is less.</summary>
    private static IssuingProfile ValidFor(this IssuingProfile definition, TimeSpan validity) =>
        definition with { Validity = validity, MaximumValidity = definition.MaximumValidity < validity ? validity : definition.MaximumValidity };

    private static TimeSpan Days(double days) =>
        days is > 0 and <= 36_525 ? TimeSpan.FromDays(days) : throw Bad("the validity is more than nothing and at most 100 years");

    private static IssuingProfile Applied(ProfileDefinition said, IssuingProfile basis) => basis with
    {
        KeyUsage = said.KeyUsages?.Select(Word<KeyUsages>).Aggregate(KeyUsages.None, (all, one) => all | one) ?? basis.KeyUsage,
        ExtendedKeyUsages = said.Ekus ?? basis.ExtendedKeyUsages,
        AllowedKeys = said.AllowedKeys is { } keys ? [.. keys.Select(Word<KeyKind>).Distinct()] : basis.AllowedKeys,
        MinimumRsaBits = said.MinimumRsaBits ?? basis.MinimumRsaBits,
        Policies = said.Policies ?? basis.Policies,
        Names = basis.Names with
        {
            SanKinds = said.SanKinds ?? basis.Names.SanKinds,
            DnsSuffixes = said.DnsSuffixes ?? basis.Names.DnsSuffixes,
            IpRanges = said.IpRanges ?? basis.Names.IpRanges,
            EmailDomains = said.EmailDomains ?? basis.Names.EmailDomains,
            UriSchemes = said.UriSchemes ?? basis.Names.UriSchemes,
            KeptAttributes = said.KeptAttributes is { } kept ? [.. kept.Select(OidOf)] : basis.Names.KeptAttributes,
            ForcedAttributes = said.ForcedAttributes is { } forced ? [.. forced.Select(Forced)] : basis.Names.ForcedAttributes,
            RequiredAttributes = said.RequiredAttributes is { } required ? [.. required.Select(OidOf)] : basis.Names.RequiredAttributes,
            CommonNameRequired = said.CommonNameRequired ?? basis.Names.CommonNameRequired,
            CopyCommonName = said.CopyCommonName ?? basis.Names.CopyCommonName,
            SanRequired = said.SanRequired ?? basis.Names.SanRequired,
            WildcardAllowed = said.WildcardAllowed ?? basis.Names.WildcardAllowed,
            MaximumNames = said.MaximumNames ?? basis.Names.MaximumNames,
        },
    };

    private static T Word<T>(string word) where T : struct, Enum =>
        Enum.TryParse<T>(word, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(word[0])
            ? value
            : throw Bad($"{word} is none of {string.Join(", ", Enum.GetNames<T>())}");

    private static string NameOf(string oid)
    {
        var written = DistinguishedName.Of([new NameAttribute(oid, "DE")]).ToString();
        return written[..written.IndexOf('=', StringComparison.Ordinal)];
    }

    private static string OidOf(string name) => name?.Contains('=') == false ? Forced($"{name}=DE").Oid : throw Bad($"{name ?? "null"} is no name of a part of the subject such as CN");

    private static NameAttribute Forced(string text)
    {
        var equals = text?.IndexOf('=', StringComparison.Ordinal) ?? 0;
        if (text is null || equals <= 0 || text[..equals].Any(c => !char.IsAsciiLetterOrDigit(c) && c != '.'))
            throw Bad($"{text ?? "null"} is no part of a subject such as O=Example");
        var value = text[(equals + 1)..].Trim();
        try
        {
            return new NameAttribute(DistinguishedName.Parse($"{text[..equals]}=DE").Attributes[0].Oid, value);
        }
        catch (RefusalException)
        {
            throw Bad($"{text[..equals]} is no part of a subject that is known here, such as CN, O, OU, L, ST, C");
        }
    }

    private static RefusalException Bad(string detail) => new(Refusal.BadProfile, detail);
}
