using Countersign.Contracts;
using Countersign.Pki.X509;
using Countersign.Server.Issuance;
using Countersign.Server.Storage;

namespace Countersign.Server.Certificates;

/// <summary>Names of a certificate or a request as stored.</summary>
internal sealed record NamedRow(string Id, string Subject, string Sans);

/// <summary>When a certificate ends, and what it is called.</summary>
internal sealed record CertificateEnd(string Id, string OrganisationId, string Subject, string Sans, long NotBefore, long NotAfter)
{
    public string Name => DistinguishedName.Parse(Subject).CommonName ?? SanText.Texts(Sans) switch { [var first, ..] => first, _ => Subject };
}

/// <summary>One issued certificate as stored. Times are Unix milliseconds, UTC.</summary>
internal sealed class CertificateRow
{
    public static readonly Sql Columns = Sql.Raw("""
        id, organisation_id, authority_id, request_id, serial, subject, sans, profile, state, holder, requester, not_before, not_after, issued_at,
        spki_sha256, replaces, replaced_by, revoked_at, revocation_reason, revoked_by, revocation_comment, der
        """);

    public required string Id { get; init; }
    public required string OrganisationId { get; init; }
    public required string AuthorityId { get; init; }
    public required string RequestId { get; init; }
    public required string Serial { get; init; }
    public required string Subject { get; init; }
    public required string Sans { get; init; }
    public required string Profile { get; init; }

    /// <summary>Active, Superseded or Revoked as stored; <see cref="StateAt"/> knows of expiry.</summary>
    public required string State { get; init; }
    public string? Holder { get; init; }
    public required string Requester { get; init; }
    public long NotBefore { get; init; }
    public long NotAfter { get; init; }
    public long IssuedAt { get; init; }
    public required byte[] SpkiSha256 { get; init; }
    public string? Replaces { get; init; }
    public string? ReplacedBy { get; init; }
    public long? RevokedAt { get; init; }
    public long? RevocationReason { get; init; }
    public string? RevokedBy { get; init; }
    public string? RevocationComment { get; init; }
    public required byte[] Der { get; init; }

    public DateTimeOffset Begins => DateTimeOffset.FromUnixTimeMilliseconds(NotBefore);

    public DateTimeOffset Ends => DateTimeOffset.FromUnixTimeMilliseconds(NotAfter);

    public IReadOnlyList<string> SanTexts => SanText.Texts(Sans);

    public CertificateState StateAt(DateTimeOffset now) => State switch
    {
        "Revoked" => CertificateState.Revoked,
        _ when Ends < now => CertificateState.Expired,
        "Superseded" => CertificateState.Superseded,
        _ => CertificateState.Active,
    };

    /// <summary>As lists show it.</summary>
    public CertificateView ViewAt(DateTimeOffset now) => new()
    {
        Id = Id,
        Serial = Serial,
        Subject = Subject,
        Sans = SanTexts,
        NotBefore = Begins,
        NotAfter = Ends,
        State = StateAt(now),
        Requester = Requester,
        Profile = Profile,
        IsCa = Parse().IsCa,
        Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Der)),
        AuthorityId = AuthorityId,
    };

    public Certificate Parse() => Certificate.Decode(Der);

    public IssuedCertificate ToIssued() => new(Id, AuthorityId, Serial, Der, Begins, Ends, DateTimeOffset.FromUnixTimeMilliseconds(IssuedAt));
}
