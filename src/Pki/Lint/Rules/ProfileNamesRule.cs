using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using System.Net;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Only names the profile grants, and all it asks for.</summary>
internal sealed class ProfileNamesRule() : LintRule("profile_names", LintSeverity.Error, "issuing profile")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.Profile is not { Names: var rules })
        {
            return null;
        }

        return rules.CommonNameRequired && certificate.CommonName is null ? "a common name is required"
            : Attributes(rules, certificate.SubjectAttributes) ?? AlternativeNames(rules, certificate.AlternativeNames ?? []);
    }

    private static string? Attributes(NameRules rules, IReadOnlyList<AttributeView> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (Forced(rules, attribute.Oid) is { } forced)
            {
                if (!forced.Contains(attribute.Text))
                {
                    return $"attribute {attribute.Oid} must be '{string.Join("' or '", forced)}'";
                }
            }
            else if (!rules.KeptAttributes.Contains(attribute.Oid))
            {
                return $"attribute {attribute.Oid} is not granted by the profile";
            }
        }

        foreach (string oid in rules.RequiredAttributes)
        {
            if (!attributes.Any(a => a.Oid == oid))
            {
                return $"attribute {oid} is required";
            }
        }

        return null;
    }

    private static List<string>? Forced(NameRules rules, string oid) =>
        rules.ForcedAttributes.Count == 0 || rules.ForcedAttributes.All(f => f.Oid != oid)
            ? null
            : rules.ForcedAttributes.Where(f => f.Oid == oid).Select(f => f.Value).ToList();

    private static string? AlternativeNames(NameRules rules, List<GeneralNameView> names)
    {
        if (names.Count == 0)
        {
            return rules.SanRequired ? "an alternative name is required" : null;
        }

        if (names.Count > rules.MaximumNames)
        {
            return $"{names.Count} alternative names, at most {rules.MaximumNames} are granted";
        }

        foreach (var name in names)
        {
            SanEntry? entry = name.Tag switch
            {
                GeneralNameView.Dns => new SanEntry.Dns(name.Text),
                GeneralNameView.Email => new SanEntry.Email(name.Text),
                GeneralNameView.Uri => new SanEntry.Uri(name.Text),
                GeneralNameView.Ip when name.Content.Length is 4 or 16 => new SanEntry.Ip(new IPAddress(name.Content.Span)),
                _ => null,
            };
            if (entry is null)
            {
                return $"an alternative name of kind [{name.Tag}] is not granted";
            }

            if (NamePolicy.Check(rules, entry) is { } objection)
            {
                return objection.Detail;
            }
        }

        return null;
    }
}
