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

    /// <summary>
    /// As its revocation lists are written. The issuing distribution point is left out where certificates in its scope may name another address
    /// or none (RFC 5280 6.3.3 b.2): a root's own certificate, which programs that check every certificate of a chain look for too, and whatever
    /// an authority issued before it was imported.
    /// </summary>
    internal static IssuerFacts ListFacts(IssuerFacts facts, bool imported) =>
        imported || facts.Certificate.IsSelfIssued ? new IssuerFacts(facts.Certificate, crlUrl: null, facts.OcspUrl, facts.IssuerUrl, facts.Algorithm) : facts;

    /// <summary>OCSP answers are given only by those whose key is always open; a root's few certificates are covered by its CRL.</summary>
    internal static IssuerFacts Facts(string baseAddress, string id, AuthorityKind kind, Certificate certificate, SignatureAlgorithm? algorithm) => new(
        certificate,
        kind == AuthorityKind.External ? null : baseAddress + CrlPath(id),
        kind == AuthorityKind.Issuing ? baseAddress + Ocsp : null,
        kind == AuthorityKind.External ? null : baseAddress + CertificatePath(id),
        algorithm);
}
