using Countersign.Contracts;
using Countersign.Pki.X509;
using Countersign.Server.Resources;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Certificates;

/// <summary>Extensions in words; types this product does not know in hexadecimal.</summary>
internal static class ExtensionText
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        [Oids.SubjectKeyIdentifier] = "subjectKeyIdentifier",
        [Oids.KeyUsage] = "keyUsage",
        [Oids.SubjectAltName] = "subjectAltName",
        [Oids.IssuerAltName] = "issuerAltName",
        [Oids.BasicConstraints] = "basicConstraints",
        [Oids.NameConstraints] = "nameConstraints",
        [Oids.CrlDistributionPoints] = "cRLDistributionPoints",
        [Oids.CertificatePolicies] = "certificatePolicies",
        [Oids.PolicyConstraints] = "policyConstraints",
        [Oids.AuthorityKeyIdentifier] = "authorityKeyIdentifier",
        [Oids.ExtendedKeyUsage] = "extKeyUsage",
        [Oids.AuthorityInfoAccess] = "authorityInfoAccess",
        [Oids.TlsFeature] = "tlsfeature",
        [Oids.OcspNoCheck] = "id-pkix-ocsp-nocheck",
        [Oids.AnyExtendedKeyUsage] = "anyExtendedKeyUsage",
        [Oids.ServerAuth] = "serverAuth",
        [Oids.ClientAuth] = "clientAuth",
        [Oids.CodeSigning] = "codeSigning",
        [Oids.EmailProtection] = "emailProtection",
        [Oids.TimeStamping] = "timeStamping",
        [Oids.OcspSigning] = "OCSPSigning",
        [Oids.SipDomain] = "sipDomain",
    };

    public static string NameOf(string oid) => Names.GetValueOrDefault(oid, oid);

    /// <summary>What an extension is called by people; null where only its X.509 name is known.</summary>
    public static string? Label(ExtensionView extension, IStringLocalizer<Text> text) => text[$"Extension.{extension.Oid}"] is { ResourceNotFound: false } label ? label.Value : null;

    public static ExtensionView View(Extension extension, IStringLocalizer<Text> text) => new()
    {
        Oid = extension.Oid,
        Name = Names.GetValueOrDefault(extension.Oid),
        Critical = extension.Critical,
        Text = ExtensionFacts.Read(extension) is { } facts ? string.Join('\n', facts.Select(f => Words(f, text))) : Convert.ToHexStringLower(extension.Value.Span),
    };

    private static string Words(ExtensionFact fact, IStringLocalizer<Text> text) => fact.What switch
    {
        "usage" => $"{text[$"KeyUsage.{fact.Value}"].Value} ({UsageName(fact.Value)})",
        "purpose" when Names.ContainsKey(fact.Value) => $"{text[$"Use.{fact.Value}"].Value} ({NameOf(fact.Value)})",
        _ => text[$"Fact.{fact.What}", fact.Value],
    };

    // As RFC 5280, 4.2.1.3 spells the bits.
    private static string UsageName(string usage) => usage == nameof(KeyUsages.CrlSign) ? "cRLSign" : char.ToLowerInvariant(usage[0]) + usage[1..];
}
