using Countersign.Pki.Lint;
using Countersign.Pki.Requests;
using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>What a profile makes of a request: the names to show an officer, and which rule decided each of them.</summary>
/// <param name="Request">Ready for <see cref="Issuer.Prepare"/>.</param>
/// <param name="Decisions">Requested against granted.</param>
public sealed record Grant(IssuanceRequest Request, IReadOnlyList<NameDecision> Decisions);

/// <summary>From requested to granted names. Pure: the same inputs give the same answer, at approval and years later on the certificate's page.</summary>
public static class Granting
{
    /// <summary>The names a profile grants by itself. An officer may change them before approval.</summary>
    public static Grant Propose(CertificationRequest request, IssuingProfile profile)
    {
        var granted = Names(request, profile);
        return new Grant(granted, Explain(request, profile, granted));
    }

    /// <summary>As <see cref="Propose"/>, without the explanation.</summary>
    public static IssuanceRequest Names(CertificationRequest request, IssuingProfile profile)
    {
        var subject = SubjectOf(request.Subject, profile.Names);
        var sans = request.Sans.Where(name => NamePolicy.Check(profile.Names, name) is null).Distinct().ToList();
        return new IssuanceRequest(request.Key, subject, WithCommonName(profile.Names, subject, sans), NotAfter: null);
    }

    /// <summary>Requested, granted and the rule that decided, for every name, extension and the lifetime.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="profile">The profile it was granted under.</param>
    /// <param name="approved">What was approved. Where it differs from what the profile alone decides, the rule is "officer".</param>
    /// <param name="issued">The certificate it became, which alone says how long it lives; null before there is one.</param>
    public static IReadOnlyList<NameDecision> Explain(CertificationRequest request, IssuingProfile profile, IssuanceRequest approved, Certificate? issued = null)
    {
        List<NameDecision> decisions = [];
        ExplainSubject(decisions, request.Subject.Attributes, approved.Subject.Attributes, profile.Names);
        ExplainSans(decisions, request, approved, profile.Names);
        ExplainExtensions(decisions, request, profile);
        decisions.Add(issued is not null ? LifetimeOf(issued, profile)
            : approved.NotAfter is { } end
            ? new("validity", null, $"until {end:u}", NameOutcome.Added, GrantRule.Officer, $"an end was set; the profile allows at most {Days(profile)}")
            : new("validity", null, Days(profile), NameOutcome.Added, GrantRule.Validity, "the profile's lifetime, never beyond the issuer's own"));
        return decisions;
    }

    private static NameDecision LifetimeOf(Certificate issued, IssuingProfile profile)
    {
        // Both ends belong to the validity (RFC 5280 4.1.2.5).
        var lifetime = issued.NotAfter - issued.NotBefore + TimeSpan.FromSeconds(1);
        var granted = $"{lifetime.TotalDays:0.##} days, until {issued.NotAfter:u}";
        return lifetime < profile.Validity
            ? new("validity", null, granted, NameOutcome.Added, GrantRule.IssuerValidity, $"shorter than the {Days(profile)} of the profile, because the issuer ends or another limit was set")
            : new("validity", null, granted, NameOutcome.Added, GrantRule.Validity, "the profile's lifetime");
    }

    /// <summary>Alternative names as they will be signed, whoever chose them: the common name is added where the profile copies it (RFC 6125 6.4.4: clients look at the alternative names).</summary>
    public static IReadOnlyList<SanEntry> WithCommonName(NameRules rules, DistinguishedName subject, IReadOnlyList<SanEntry> sans) =>
        rules.CopyCommonName && AsSan(rules, subject.CommonName) is { } copy && !Has(sans, copy) ? [copy, .. sans] : sans;

    private static SanEntry? AsSan(NameRules rules, string? commonName)
    {
        if (string.IsNullOrEmpty(commonName))
        {
            return null;
        }

        SanEntry? entry = NameSyntax.TryAddress(commonName, out var address) ? new SanEntry.Ip(address)
            : NameSyntax.DnsFault(commonName) is null ? new SanEntry.Dns(commonName)
            : NameSyntax.EmailFault(commonName) is null ? new SanEntry.Email(commonName)
            : null;
        return entry is not null && rules.SanKinds.Contains(entry.Kind) ? entry : null;
    }

    private static bool Has(IReadOnlyList<SanEntry> names, SanEntry name)
    {
        foreach (var other in names)
        {
            if (other.Kind == name.Kind && string.Equals(other.Text, name.Text, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static DistinguishedName SubjectOf(DistinguishedName requested, NameRules rules)
    {
        var kept = requested.Attributes.Where(a => rules.KeptAttributes.Contains(a.Oid) && rules.ForcedAttributes.All(f => f.Oid != a.Oid)).ToList();
        if (rules.ForcedAttributes.Count == 0 && kept.Count == requested.Attributes.Count)
        {
            return requested;
        }

        return DistinguishedName.Of([.. rules.ForcedAttributes, .. kept]);
    }

    private static void ExplainSubject(
        List<NameDecision> decisions, IReadOnlyList<NameAttribute> requested, IReadOnlyList<NameAttribute> granted, NameRules rules)
    {
        var added = granted.ToList();
        foreach (var attribute in requested)
        {
            string field = Field(attribute.Oid);
            if (added.Remove(attribute))
            {
                decisions.Add(new(field, attribute.Value, attribute.Value, NameOutcome.Kept, GrantRule.KeptAttributes, "granted as requested"));
            }
            else if (rules.ForcedAttributes.FirstOrDefault(f => f.Oid == attribute.Oid) is { } forced && added.Remove(forced))
            {
                decisions.Add(new(field, attribute.Value, forced.Value, NameOutcome.Changed, GrantRule.ForcedAttributes, "the profile sets this value"));
            }
            else if (!rules.KeptAttributes.Contains(attribute.Oid))
            {
                decisions.Add(new(field, attribute.Value, null, NameOutcome.Dropped, GrantRule.KeptAttributes, "the profile does not take this attribute over"));
            }
            else if (added.FirstOrDefault(a => a.Oid == attribute.Oid && !requested.Contains(a)) is { } changed)
            {
                added.Remove(changed);
                decisions.Add(new(field, attribute.Value, changed.Value, NameOutcome.Changed, GrantRule.Officer, "changed at approval"));
            }
            else
            {
                decisions.Add(new(field, attribute.Value, null, NameOutcome.Dropped, GrantRule.Officer, "taken out at approval"));
            }
        }

        foreach (var attribute in added)
        {
            bool forced = rules.ForcedAttributes.Contains(attribute);
            decisions.Add(new(Field(attribute.Oid), null, attribute.Value, NameOutcome.Added,
                forced ? GrantRule.ForcedAttributes : GrantRule.Officer, forced ? "the profile sets this value" : "added at approval"));
        }
    }

    private static void ExplainSans(List<NameDecision> decisions, CertificationRequest request, IssuanceRequest approved, NameRules rules)
    {
        var granted = WithCommonName(rules, approved.Subject, approved.Sans);
        foreach (var name in request.Sans.Distinct())
        {
            string field = $"san.{name.Kind}";
            var objection = NamePolicy.Check(rules, name);
            decisions.Add(Has(granted, name)
                ? new(field, name.Text, name.Text, NameOutcome.Kept, GrantRule.SanKinds, "granted as requested")
                : new(field, name.Text, null, NameOutcome.Dropped, objection?.Rule ?? GrantRule.Officer, objection?.Detail ?? "taken out at approval"));
        }

        var copy = rules.CopyCommonName ? AsSan(rules, approved.Subject.CommonName) : null;
        foreach (var name in granted.Where(name => !Has(request.Sans, name)))
        {
            bool copied = copy is not null && Has([copy], name);
            decisions.Add(new($"san.{name.Kind}", null, name.Text, NameOutcome.Added,
                copied ? GrantRule.CopyCommonName : GrantRule.Officer, copied ? "taken from the common name" : "added at approval"));
        }
    }

    private static void ExplainExtensions(List<NameDecision> decisions, CertificationRequest request, IssuingProfile profile)
    {
        foreach (var extension in request.RequestedExtensions.Where(e => e.Oid != Oids.SubjectAltName))
        {
            string? written = extension.Oid switch
            {
                Oids.KeyUsage => profile.KeyUsage.ToString(),
                Oids.ExtendedKeyUsage when profile.ExtendedKeyUsages.Count > 0 => string.Join(", ", profile.ExtendedKeyUsages),
                Oids.BasicConstraints => profile.IsCa ? "CA" : "not a CA",
                Oids.SubjectKeyIdentifier => "computed from the key",
                _ => null,
            };
            decisions.Add(new("extension", extension.Oid, written, written is null ? NameOutcome.Dropped : NameOutcome.Changed,
                GrantRule.Extensions, written is null ? "this extension is not taken from requests" : "the profile decides this extension"));
        }
    }

    private static string Field(string oid) => oid switch
    {
        Oids.Country => "subject.C",
        Oids.State => "subject.ST",
        Oids.Locality => "subject.L",
        Oids.Organization => "subject.O",
        Oids.OrganizationalUnit => "subject.OU",
        Oids.CommonName => "subject.CN",
        Oids.EmailAddress => "subject.emailAddress",
        _ => $"subject.{oid}",
    };

    private static string Days(IssuingProfile profile) => $"{profile.Validity.TotalDays:0.##} days";
}
