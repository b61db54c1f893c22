using System.Net;
using System.Text.RegularExpressions;
using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Server.Profiles;

/// <summary>Whether the rules of a profile fit together, looked at once when it is saved rather than at every certificate.</summary>
internal static partial class ProfileSoundness
{
    private const int MostEntries = 100;
    private static readonly KeyKind[] Keys = [KeyKind.Rsa, KeyKind.EcP256, KeyKind.EcP384, KeyKind.EcP521];
    private static readonly string[] Kinds = ["dns", "ip", "email", "uri"];

    /// <exception cref="RefusalException"><see cref="Refusal.BadProfile"/> with what does not fit.</exception>
    internal static void EnsureSound(this Profile profile)
    {
        if (profile.Name.Length is 0 or > 40 || profile.Name.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
            throw Bad("the name is 1 to 40 lower-case letters, digits and hyphens, as it stands in addresses");
        if (profile.Name == BuiltInProfiles.ServerOwn.Name)
            throw Bad($"{profile.Name} is what this server issues to itself by, and stays as it is");
        if (profile.ApprovalsNeeded is < 1 or > 5)
            throw Bad("1 to 5 officers can be asked for");
        if (profile.Automatic && (profile.Definition.IsCa || profile.ApprovalsNeeded > 1))
            throw Bad("certificates of authorities and profiles with four eyes are never issued by themselves");
        EnsureLifetime(profile.Definition);
        EnsureUse(profile.Definition);
        EnsureNames(profile.Definition.Names);
    }

    private static void EnsureLifetime(IssuingProfile p)
    {
        if (p.Validity <= TimeSpan.Zero || p.Validity > TimeSpan.FromDays(36_525))
            throw Bad("the validity is more than nothing and at most 100 years");
        if (p.MaximumValidity < p.Validity)
            throw Bad($"the validity of {p.Validity.TotalDays:0.##} days is more than its longest, {p.MaximumValidity.Value.TotalDays:0.##} days");
    }

    private static void EnsureUse(IssuingProfile p)
    {
        if (p.AllowedKeys.Count == 0 || p.AllowedKeys.FirstOrDefault(k => !Keys.Contains(k), KeyKind.Rsa) is var odd && odd != KeyKind.Rsa)
            throw Bad($"the allowed keys are some of {string.Join(", ", Keys)}");
        if (p.MinimumRsaBits is < 2048 or > 16384)
            throw Bad("RSA keys have 2048 to 16384 bits");
        if (p.KeyUsage == KeyUsages.None)
            throw Bad("the key must be good for something: DigitalSignature at least");
        if (!p.IsCa && (p.KeyUsage & (KeyUsages.KeyCertSign | KeyUsages.CrlSign)) != KeyUsages.None)
            throw Bad("KeyCertSign and CrlSign are for authorities");
        if (!p.IsCa && p.ExtendedKeyUsages.Count == 0)
            throw Bad("say what the certificates are for: at least one extended key usage");
        foreach (var oid in Some(p.ExtendedKeyUsages).Concat(Some(p.Policies)))
            if (!ObjectIdentifier().IsMatch(oid))
                throw Bad($"{oid} is no object identifier such as {Oids.ServerAuth}");
        if (p.ExtendedKeyUsages.Any(oid => oid is Oids.OcspSigning or Oids.AnyExtendedKeyUsage))
            throw Bad("certificates that sign OCSP answers, or are for anything at all, are not issued on request");
    }

    private static void EnsureNames(NameRules rules)
    {
        if (Some(rules.SanKinds).FirstOrDefault(k => !Kinds.Contains(k)) is { } kind)
            throw Bad($"{kind} is none of the kinds of names {string.Join(", ", Kinds)}");
        if (rules.SanRequired && rules.SanKinds.Count == 0)
            throw Bad("an alternative name is needed, but no kind of it is granted");
        foreach (var domain in Some(rules.DnsSuffixes).Concat(Some(rules.EmailDomains)))
            if (!Domain().IsMatch(domain))
                throw Bad($"{domain} is no domain such as example.test");
        foreach (var range in Some(rules.IpRanges))
            if (!IPNetwork.TryParse(range, out _) && !IPAddress.TryParse(range, out _))
                throw Bad($"{range} is no network such as 10.0.0.0/8; its address is the first of it");
        foreach (var scheme in Some(rules.UriSchemes))
            if (!Scheme().IsMatch(scheme))
                throw Bad($"{scheme} is no scheme of a URI, such as sip");
        if (rules.SanKinds.Contains("uri") && rules.UriSchemes.Count == 0)
            throw Bad("URIs are granted, but of no scheme: name one, such as sip");
        if (rules.MaximumNames is < 1 or > 1000)
            throw Bad("a certificate has 1 to 1000 alternative names");
        if (rules.ForcedAttributes.FirstOrDefault(a => a.Value.Length is 0 or > 200) is { } forced)
            throw Bad($"what the profile sets has 1 to 200 characters, not {forced.Value.Length}");
        if (rules.ForcedAttributes.FirstOrDefault(a => a.Oid == Oids.Country && !Countries.Has(a.Value)) is { } country)
            throw Bad(Countries.Fault(country.Value));
        _ = Some(rules.KeptAttributes);
        _ = Some(rules.RequiredAttributes);
        try
        {
            _ = DistinguishedName.Of(rules.ForcedAttributes);
        }
        catch (RefusalException e)
        {
            throw Bad(e.Detail);
        }
    }

    private static IReadOnlyList<string> Some(IReadOnlyList<string> list)
    {
        if (list.Count > MostEntries)
            throw Bad($"{list.Count} entries in one list; {MostEntries} at most");
        return list.Contains(null!) ? throw Bad("an entry of a list is null") : list;
    }

    private static RefusalException Bad(string detail) => new(Refusal.BadProfile, detail);

    [GeneratedRegex(@"^[0-2](\.(0|[1-9][0-9]{0,9})){1,20}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ObjectIdentifier();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Domain();

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]{0,29}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Scheme();
}
