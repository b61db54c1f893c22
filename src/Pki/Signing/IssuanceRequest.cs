using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>What is to be signed, exactly as it was approved.</summary>
/// <param name="Key">The subject's key; its proof of possession was checked by the caller.</param>
/// <param name="Subject">The subject, encoded as it will stand in the certificate.</param>
/// <param name="Sans">Alternative names in the order they will be written.</param>
/// <param name="NotAfter">Wished end of validity; null: the profile's lifetime. Never later than the profile's maximum or the issuer's own end.</param>
public sealed record IssuanceRequest(SubjectPublicKey Key, DistinguishedName Subject, IReadOnlyList<SanEntry> Sans, DateTimeOffset? NotAfter);
