namespace Countersign.Contracts;

/// <summary>Where a certificate stands.</summary>
public enum CertificateState
{
    /// <summary>In force.</summary>
    Active,

    /// <summary>Renewed; still valid until its end.</summary>
    Superseded,

    /// <summary>Revoked; for good.</summary>
    Revoked,

    /// <summary>Past its end.</summary>
    Expired,
}

/// <summary>A certificate in a list.</summary>
public sealed record CertificateView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Serial number, lower-case hex.</summary>
    public required string Serial { get; init; }

    /// <summary>Subject, RFC 4514 style in encoded order.</summary>
    public required string Subject { get; init; }

    /// <summary>Subject alternative names with their kind.</summary>
    public IReadOnlyList<string> Sans { get; set; } = [];

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>End, UTC.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Where it stands.</summary>
    public required CertificateState State { get; init; }

    /// <summary>True for the certificate of another authority: whoever holds its key can issue certificates that are trusted here.</summary>
    public bool IsCa { get; init; }

    /// <summary>Name of the requester.</summary>
    public string? Requester { get; init; }

    /// <summary>Name of the issuing profile.</summary>
    public required string Profile { get; init; }

    /// <summary>SHA-256 of the DER, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The authority that signed it.</summary>
    public required string AuthorityId { get; init; }
}

/// <summary>A certificate, completely.</summary>
public sealed record CertificateDetails
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Serial number, lower-case hex.</summary>
    public required string Serial { get; init; }

    /// <summary>Serial number in decimal.</summary>
    public required string SerialDecimal { get; init; }

    /// <summary>Subject.</summary>
    public required NameView Subject { get; init; }

    /// <summary>Issuer.</summary>
    public required NameView Issuer { get; init; }

    /// <summary>Subject alternative names with their kind.</summary>
    public IReadOnlyList<string> Sans { get; set; } = [];

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>End, UTC.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Public key.</summary>
    public required KeyView Key { get; init; }

    /// <summary>Key usages by their RFC 5280 names.</summary>
    public IReadOnlyList<string> KeyUsages { get; set; } = [];

    /// <summary>Extended key usages: name if known, else object identifier.</summary>
    public IReadOnlyList<string> Ekus { get; set; } = [];

    /// <summary>All extensions.</summary>
    public IReadOnlyList<ExtensionView> Extensions { get; set; } = [];

    /// <summary>How it is signed.</summary>
    public required string SignatureAlgorithm { get; init; }

    /// <summary>SHA-256 of the DER, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>SHA-1 of the DER, lower-case hex; a name, not protection.</summary>
    public required string Sha1 { get; init; }

    /// <summary>Where it stands.</summary>
    public required CertificateState State { get; init; }

    /// <summary>True for the certificate of another authority: whoever holds its key can issue certificates that are trusted here.</summary>
    public bool IsCa { get; init; }

    /// <summary>Who asked for it.</summary>
    public required ActorView Requester { get; init; }

    /// <summary>Door the request came through.</summary>
    public required string Door { get; init; }

    /// <summary>Name of the issuing profile.</summary>
    public required string Profile { get; init; }

    /// <summary>The request; absent for the server's own certificates.</summary>
    public string? RequestId { get; init; }

    /// <summary>The authority that signed it.</summary>
    public required string AuthorityId { get; init; }

    /// <summary>The certificate it renews.</summary>
    public string? Replaces { get; init; }

    /// <summary>The certificate that renewed it.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>Its revocation.</summary>
    public RevocationView? Revocation { get; init; }

    /// <summary>The certificate in PEM.</summary>
    public required string Pem { get; init; }

    /// <summary>Chain: issuers from the one that signed it up to, without, the root, in PEM.</summary>
    public required string ChainPem { get; init; }

    /// <summary>What was found wrong with it after it was issued.</summary>
    public IReadOnlyList<FindingView> Findings { get; set; } = [];

    /// <summary>What was asked, what was granted, which rule decided.</summary>
    public IReadOnlyList<GrantView> Decisions { get; set; } = [];

    /// <summary>What happened to it, oldest first.</summary>
    public IReadOnlyList<HistoryView> History { get; set; } = [];
}

/// <summary>Which certificates a list means. All given conditions must hold.</summary>
public sealed record CertificateFilter
{
    /// <summary>The beginning of a name (<c>sip.ex</c>), its last labels (<c>example.test</c>), or a serial or thumbprint in any spelling.</summary>
    public string? Text { get; init; }

    /// <summary>Only this state.</summary>
    public CertificateState? State { get; init; }

    /// <summary>Only those that end before this moment.</summary>
    public DateTimeOffset? ExpiresBefore { get; init; }

    /// <summary>Only this requester.</summary>
    public string? Requester { get; init; }

    /// <summary>Only this authority.</summary>
    public string? AuthorityId { get; init; }
}

/// <summary>Body of <c>POST /api/v1/certificates/{id}/revoke</c>.</summary>
public sealed record RevokeRequest
{
    /// <summary>Reason by its RFC 5280 section 5.3.1 name: <c>unspecified</c>, <c>keyCompromise</c>, <c>affiliationChanged</c>,
    /// <c>superseded</c>, <c>cessationOfOperation</c>, <c>privilegeWithdrawn</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>What to remember about it.</summary>
    public string? Comment { get; init; }

    /// <summary>Must be true: a revocation cannot be taken back. Otherwise <c>confirmation_required</c>.</summary>
    public bool Confirm { get; init; }
}

/// <summary>Form of a downloaded certificate.</summary>
public enum CertificateFormat
{
    /// <summary>One PEM block.</summary>
    Pem,

    /// <summary>DER.</summary>
    Der,

    /// <summary>Certificate and issuers up to the root as certs-only PKCS#7 (RFC 5652), DER.</summary>
    Pkcs7,

    /// <summary>Certificate and issuers without the root, PEM.</summary>
    Chain,
}
