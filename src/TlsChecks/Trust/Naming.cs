using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Trust;

/// <summary>Which certificate speaks of which.</summary>
internal static class Naming
{
    /// <summary>May this be its issuer, by name and key identifier? Whether it is, only the signature tells.</summary>
    public static bool MayHaveIssued(Certificate issuer, Certificate certificate) =>
        issuer.Subject.IsSameAs(certificate.Issuer)
        && (certificate.AuthorityKeyIdentifier is not { } wanted || issuer.SubjectKeyIdentifier is not { } given || wanted.AsSpan().SequenceEqual(given));

    /// <summary>It is its own issuer, and its own key says so.</summary>
    public static bool IsSelfSigned(Certificate certificate) =>
        certificate.IsSelfIssued && (certificate.VerifySignature(certificate.Key) || !IsVerifiable(certificate, certificate.Key));

    /// <summary>False where this product cannot check a signature at all: MD5, Ed25519 and what is unknown.</summary>
    public static bool IsVerifiable(Certificate certificate, SubjectPublicKey issuerKey) =>
        certificate.SignatureAlgorithm is not SignatureAlgorithm.RsaMd5 and not SignatureAlgorithm.Other && issuerKey.Kind is not KeyKind.Ed25519 and not KeyKind.Other;

    /// <summary>How a person recognises it.</summary>
    public static string Show(Certificate certificate) => certificate.Subject.IsEmpty ? $"(no name, serial {certificate.SerialHex})" : certificate.Subject.ToString();

    public static bool Same(Certificate one, Certificate other) => one.Der.Span.SequenceEqual(other.Der.Span);
}
