using System.Formats.Asn1;
using Countersign.Pki.Lint.Rules;
using Countersign.Pki.Requests;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Lint;

/// <summary>Runs the rules. A finding of severity Error on a to-be-signed certificate stops issuance.</summary>
public static class Linter
{
    private const string Structure = "structure";

    /// <summary>Every rule about certificates, in the order they are run.</summary>
    public static IReadOnlyList<LintRule> Rules { get; } =
    [
        new VersionRule(), new SerialRule(), new SerialEntropyRule(), new SignatureAlgorithmsEqualRule(), new SignatureStrengthRule(),
        new IssuerNameRule(), new ValidityEncodingRule(), new ValidityOrderRule(), new ValidityInsideIssuerRule(), new ServerLifetimeRule(),
        new SubjectPresentRule(), new NameLengthRule(), new CountryRule(), new NameCharsetRule(), new ControlCharacterRule(), new RepeatedAttributeRule(),
        new DuplicateExtensionRule(), new ExtensionEncodingRule(), new CriticalExtensionRule(),
        new AuthorityKeyIdentifierRule(), new SubjectKeyIdentifierRule(), new BasicConstraintsRule(), new KeyUsageRule(), new KeyUsageCriticalRule(),
        new KeyCertSignRule(), new CrlSignRule(), new KeyUsageFitsKeyRule(), new PathLengthRule(), new ExtendedKeyUsageRule(), new ExtendedKeyUsagePresentRule(),
        new SanNotEmptyRule(), new SanDnsSyntaxRule(), new SanEmailSyntaxRule(), new SanUriRule(), new SanIpRule(), new SanKindRule(), new SanDuplicateRule(),
        new WildcardRule(), new WildcardNoticeRule(), new CommonNameInSanRule(), new ServerNameRule(),
        new NameConstraintsPlaceRule(), new NameConstraintsHonouredRule(), new DistributionPointRule(), new AuthorityInfoAccessRule(), new OcspNoCheckRule(),
        new KeyQualityRule(), new ProfileKeyRule(), new ProfileUsageRule(), new ProfileNamesRule(),
    ];

    private static readonly LintRule[] InOrder = [.. Rules];

    /// <summary>Judges a certificate of anybody's making, such as one that is imported.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="issuer">Its issuer, if known: validity, names and path length are then compared.</param>
    /// <param name="profile">The profile it should follow, if any.</param>
    public static IReadOnlyList<LintFinding> CheckCertificate(Certificate certificate, Certificate? issuer = null, IssuingProfile? profile = null)
    {
        try
        {
            var outer = new AsnCursor(certificate.Der).Sequence();
            var tbs = outer.Encoded();
            return Run(new CertificateView(tbs, certificate.Key, profile, issuer) { OuterAlgorithm = outer.Encoded() });
        }
        catch (Exception e) when (e is AsnContentException or RefusalException)
        {
            return [Unreadable(e)];
        }
    }

    /// <summary>What an officer should know about a queued request before deciding. Errors are what the profile will not grant as it stands.</summary>
    public static IReadOnlyList<LintFinding> CheckRequest(CertificationRequest request, IssuingProfile profile) => RequestFindings.Of(request, profile);

    /// <summary>Judges a public key alone.</summary>
    public static IReadOnlyList<LintFinding> CheckKey(SubjectPublicKey key) =>
        [.. KeyFindings.Of(key).Select(flaw => new LintFinding(flaw.Rule, LintSeverity.Error, flaw.Citation, flaw.Detail))];

    internal static IReadOnlyList<LintFinding> CheckTbs(ReadOnlyMemory<byte> tbs, SubjectPublicKey key, IssuingProfile profile, Certificate? issuer)
    {
        try
        {
            return Run(new CertificateView(tbs, key, profile, issuer));
        }
        catch (Exception e) when (e is AsnContentException or RefusalException)
        {
            return [Unreadable(e)];
        }
    }

    internal static List<LintFinding> Run(CertificateView view)
    {
        List<LintFinding>? findings = null;
        foreach (var rule in InOrder)
        {
            string? detail;
            try
            {
                detail = rule.Check(view);
            }
            catch (Exception e) when (e is AsnContentException or RefusalException)
            {
                detail = $"the extension does not follow its syntax: {DerWords.Of(e)}";
            }

            if (detail is not null)
            {
                (findings ??= []).Add(new LintFinding(rule.Name, rule.Severity, rule.Citation, detail));
            }
        }

        return findings ?? [];
    }

    private static LintFinding Unreadable(Exception e) =>
        new(Structure, LintSeverity.Error, "RFC 5280 4.1, X.690 10", $"the certificate does not follow its syntax: {DerWords.Of(e)}");
}
