using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Server.Authorities;

/// <summary>Where CRL, OCSP answers and CA certificates are published: the paths the listener serves and certificates name.</summary>
internal static class Addresses
{
    internal const string CrlFolder = "/crl/";
    internal const string CertificateFolder = "/ca/";
    internal const string Ocsp = "/ocsp";

    internal static string CrlPath(string authorityId) => $"{CrlFolder}{authorityId}.crl";

    internal static string CertificatePath(string authorityId) => $"{CertificateFolder}{authorityId}.cer";

    /// <summary>OCSP answers are given only by those whose key is always open; a root's few certificates are covered by its CRL.</summary>
    internal static IssuerFacts Facts(string baseAddress, string id, AuthorityKind kind, Certificate certificate, SignatureAlgorithm? algorithm) => new(
        certificate,
        kind == AuthorityKind.External ? null : baseAddress + CrlPath(id),
        kind == AuthorityKind.Issuing ? baseAddress + Ocsp : null,
        kind == AuthorityKind.External ? null : baseAddress + CertificatePath(id),
        algorithm);
}
