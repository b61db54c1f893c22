using Countersign.Contracts;
using Countersign.Pki.X509;

namespace Countersign.Server.Certificates;

/// <summary>Extensions in words, as far as this product issues them; the rest in hexadecimal.</summary>
internal static class ExtensionText
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["2.5.29.14"] = "subjectKeyIdentifier",
        ["2.5.29.15"] = "keyUsage",
        ["2.5.29.17"] = "subjectAltName",
        ["2.5.29.19"] = "basicConstraints",
        ["2.5.29.30"] = "nameConstraints",
        ["2.5.29.31"] = "cRLDistributionPoints",
        ["2.5.29.32"] = "certificatePolicies",
        ["2.5.29.35"] = "authorityKeyIdentifier",
        ["2.5.29.37"] = "extKeyUsage",
        ["1.3.6.1.5.5.7.1.1"] = "authorityInfoAccess",
        ["1.3.6.1.5.5.7.48.1.5"] = "id-pkix-ocsp-nocheck",
        ["1.3.6.1.5.5.7.3.1"] = "serverAuth",
        ["1.3.6.1.5.5.7.3.2"] = "clientAuth",
        ["1.3.6.1.5.5.7.3.4"] = "emailProtection",
        ["1.3.6.1.5.5.7.3.9"] = "OCSPSigning",
        ["1.3.6.1.5.5.7.3.20"] = "sipDomain",
    };

    public static string NameOf(string oid) => Names.GetValueOrDefault(oid, oid);

    public static ExtensionView View(Extension extension) => new()
    {
        Oid = extension.Oid,
        Name = Names.GetValueOrDefault(extension.Oid),
        Critical = extension.Critical,
        Text = Convert.ToHexStringLower(extension.Value.Span),
    };
}
