using Countersign.Pki.Requests;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Lint;

/// <summary>Findings on a request, for the officer: what the profile will not grant, what it will ignore, what is odd.</summary>
internal static class RequestFindings
{
    private const string Profile = "issuing profile";

    // rules whose subject is told here in the words of a request
    private static readonly string[] SaidAbove = ["key_quality", "profile_key", "profile_names"];

    public static IReadOnlyList<LintFinding> Of(CertificationRequest request, IssuingProfile profile)
    {
        List<LintFinding> findings = [.. Linter.CheckKey(request.Key)];
        CheckKey(findings, request.Key, profile);
        CheckSignature(findings, request);
        CheckSubject(findings, request.Subject, profile.Names);
        CheckSans(findings, request, profile.Names);
        CheckExtensions(findings, request, profile);
        findings.AddRange(Draft(request, profile));
        return findings;
    }

    // What the rules will say at issuance of the names the profile grants, while the requester can still be asked.
    private static IEnumerable<LintFinding> Draft(CertificationRequest request, IssuingProfile profile)
    {
        try
        {
            byte[] draft = Issuer.Draft(profile, Granting.Names(request, profile));
            return Linter.CheckTbs(draft, request.Key, profile, issuer: null).Where(f => !SaidAbove.Contains(f.Rule));
        }
        catch (RefusalException e)
        {
            return [new("request_name_encoding", LintSeverity.Error, "RFC 5280 4.1.2.4, 4.2.1.6", e.Detail)];
        }
    }

    private static void CheckKey(List<LintFinding> findings, SubjectPublicKey key, IssuingProfile profile)
    {
        if (!profile.AllowedKeys.Contains(key.Kind))
        {
            findings.Add(new("request_key_kind", LintSeverity.Error, Profile,
                $"{key.Description} is not accepted; the profile takes {string.Join(", ", profile.AllowedKeys)}"));
        }
        else if (key.Kind == KeyKind.Rsa && key.Bits < profile.MinimumRsaBits)
        {
            findings.Add(new("request_key_size", LintSeverity.Error, Profile, $"RSA {key.Bits} bits, at least {profile.MinimumRsaBits} are wanted"));
        }
    }

    private static void CheckSignature(List<LintFinding> findings, CertificationRequest request)
    {
        if (request.SignatureAlgorithm.IsWeak())
        {
            findings.Add(new("request_signature", LintSeverity.Error, "RFC 8603 4.1, X-2", $"signed with {request.SignatureAlgorithm.Describe()}"));
        }
    }

    private static void CheckSubject(List<LintFinding> findings, DistinguishedName subject, NameRules rules)
    {
        foreach (var attribute in subject.Attributes)
        {
            var forced = rules.ForcedAttributes.FirstOrDefault(f => f.Oid == attribute.Oid);
            if (forced is null && !rules.KeptAttributes.Contains(attribute.Oid))
            {
                findings.Add(new("request_attribute_dropped", LintSeverity.Notice, Profile, $"{AttributeNames.ShortName(attribute.Oid)} '{attribute.Value}' will not be taken over"));
            }
            else if (forced is not null && !rules.ForcedAttributes.Contains(attribute))
            {
                findings.Add(new("request_attribute_changed", LintSeverity.Warning, Profile, $"'{attribute.Value}' will become '{forced.Value}'"));
            }
        }

        if (rules.CommonNameRequired && string.IsNullOrEmpty(subject.CommonName) && rules.ForcedAttributes.All(f => f.Oid != Oids.CommonName))
        {
            findings.Add(new("request_common_name", LintSeverity.Error, Profile, "the profile asks for a common name and there is none"));
        }

        foreach (string oid in rules.RequiredAttributes.Where(oid => subject.Attributes.All(a => a.Oid != oid) && rules.ForcedAttributes.All(f => f.Oid != oid)))
        {
            findings.Add(new("request_attribute_missing", LintSeverity.Error, Profile, $"{AttributeNames.ShortName(oid)} is required"));
        }
    }

    private static void CheckSans(List<LintFinding> findings, CertificationRequest request, NameRules rules)
    {
        foreach (var name in request.Sans)
        {
            if (NamePolicy.Check(rules, name) is { } objection)
            {
                findings.Add(new("request_name_outside", LintSeverity.Error, Profile, $"{objection.Detail} ({objection.Rule})"));
            }
        }

        int granted = Granting.WithCommonName(rules, request.Subject, request.Sans).Count;
        if (granted == 0 && rules.SanRequired)
        {
            findings.Add(new("request_name_missing", LintSeverity.Error, Profile, "the profile asks for an alternative name and there is none"));
        }
        else if (granted > rules.MaximumNames)
        {
            findings.Add(new("request_names_many", LintSeverity.Error, Profile, $"{granted} alternative names, at most {rules.MaximumNames} are granted"));
        }
    }

    private static void CheckExtensions(List<LintFinding> findings, CertificationRequest request, IssuingProfile profile)
    {
        if (request.AsksForCa && !profile.IsCa)
        {
            findings.Add(new("request_ca", LintSeverity.Error, "RFC 5280 4.2.1.9", "asks to become a CA"));
        }

        foreach (var extension in request.RequestedExtensions.Where(e => e.Oid != Oids.SubjectAltName))
        {
            bool ours = extension.Oid is Oids.KeyUsage or Oids.ExtendedKeyUsage or Oids.BasicConstraints or Oids.SubjectKeyIdentifier;
            findings.Add(new("request_extension_ignored",
                extension.Critical && !ours ? LintSeverity.Warning : LintSeverity.Notice, Profile,
                ours ? $"extension {extension.Oid}: the profile decides its value" : $"extension {extension.Oid} will not be in the certificate"));
        }
    }
}
