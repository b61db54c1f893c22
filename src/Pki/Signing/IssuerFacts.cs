using System.Runtime.CompilerServices;
using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>
/// The issuing CA as certificates show it: name, key identifier, addresses. Keep one per CA generation: it remembers the encoded
/// parts that all its certificates share, per profile object, and the verifier of its signatures.
/// </summary>
/// <param name="certificate">The issuer's own certificate.</param>
/// <param name="crlUrl">Address of its CRL, for cRLDistributionPoints; null: not written.</param>
/// <param name="ocspUrl">Address of its OCSP responder, for authorityInfoAccess; null: not written.</param>
/// <param name="issuerUrl">Address of its certificate as DER, for authorityInfoAccess; null: not written.</param>
/// <param name="algorithm">The algorithm its key signs with; null: <see cref="SigningAlgorithms.For"/>.</param>
public sealed class IssuerFacts(
    Certificate certificate,
    string? crlUrl,
    string? ocspUrl,
    string? issuerUrl,
    SignatureAlgorithm? algorithm = null)
{
    private readonly ConditionalWeakTable<IssuingProfile, ProfileTemplate> _templates = [];

    /// <summary>The issuer's own certificate.</summary>
    public Certificate Certificate { get; } = certificate;

    /// <summary>Address of the CRL.</summary>
    public string? CrlUrl { get; } = crlUrl;

    /// <summary>Address of the OCSP responder.</summary>
    public string? OcspUrl { get; } = ocspUrl;

    /// <summary>Address of the issuer's certificate.</summary>
    public string? IssuerUrl { get; } = issuerUrl;

    /// <summary>The algorithm its certificates are signed with.</summary>
    public SignatureAlgorithm Algorithm => Signer.Algorithm;

    internal SignerCheck Signer { get; } = new(certificate.Key, algorithm ?? SigningAlgorithms.For(certificate.Key));

    internal ProfileTemplate Template(IssuingProfile profile) => _templates.GetValue(profile, Make);

    private ProfileTemplate Make(IssuingProfile profile) => ProfileTemplate.For(profile, this);
}
