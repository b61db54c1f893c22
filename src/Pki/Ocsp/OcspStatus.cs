using Countersign.Pki.Crl;

namespace Countersign.Pki.Ocsp;

/// <summary>What is known of a certificate.</summary>
public enum OcspCertStatus
{
    /// <summary>Issued and not revoked.</summary>
    Good = 0,

    /// <summary>Revoked.</summary>
    Revoked = 1,

    /// <summary>Not known here: another issuer, or a serial number never issued (RFC 6960 2.2).</summary>
    Unknown = 2,
}

/// <summary>The answer about one certificate.</summary>
/// <param name="Id">The question, repeated.</param>
/// <param name="Status">What is known.</param>
/// <param name="RevokedAt">When; only for revoked.</param>
/// <param name="Reason">Why; unspecified is not written.</param>
/// <param name="ThisUpdate">When this was known to be right.</param>
/// <param name="NextUpdate">Until when it may be kept; null: newer information is always there (RFC 6960 4.2.2.1).</param>
public sealed record OcspSingle(
    OcspCertId Id,
    OcspCertStatus Status,
    DateTimeOffset? RevokedAt,
    RevocationReason Reason,
    DateTimeOffset ThisUpdate,
    DateTimeOffset? NextUpdate);

/// <summary>OCSPResponseStatus (RFC 6960 4.2.1). 4 is not used.</summary>
public enum OcspResponseStatus
{
    /// <summary>Answered.</summary>
    Successful = 0,

    /// <summary>The request cannot be read.</summary>
    MalformedRequest = 1,

    /// <summary>The responder is broken.</summary>
    InternalError = 2,

    /// <summary>Later.</summary>
    TryLater = 3,

    /// <summary>Requests must be signed.</summary>
    SigRequired = 5,

    /// <summary>No authority to answer about these certificates (RFC 5019 2.2.3).</summary>
    Unauthorized = 6,
}
