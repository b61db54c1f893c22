using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Pki.Lint;
using Countersign.Pki.Requests;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Issuance;
using Countersign.Server.Profiles;
using Countersign.Server.Storage;

namespace Countersign.Server.Requests;

/// <summary>One request as stored. Times are Unix milliseconds, UTC.</summary>
internal sealed class RequestRow
{
    public static readonly Sql Columns = Sql.Raw("""
        id, organisation_id, state, profile, door, csr, subject, sans, requester_kind, requester_id, requester_name, submitter_id, claimed_requester, contact, comment,
        source_address, received_at, findings, outside, renews, granted_subject, granted_sans, identity_check, decided_by, decided_by_name, decided_at, reason,
        authority_id, serial, tbs_sha256, claimed_at, claimed_by, certificate_id, profile_version, idempotency_sha256, own_request
        """);

    public required string Id { get; init; }
    public required string OrganisationId { get; init; }

    /// <summary>Queued, Issuing, Issued, Rejected, Expired as stored; see <see cref="PublicState"/>.</summary>
    public required string State { get; init; }
    public required string Profile { get; init; }
    public required string Door { get; init; }
    public required byte[] Csr { get; init; }
    public required string Subject { get; init; }
    public required string Sans { get; init; }
    public required string RequesterKind { get; init; }
    public required string RequesterId { get; init; }
    public required string RequesterName { get; init; }
    public string? SubmitterId { get; init; }
    public string? ClaimedRequester { get; init; }
    public string? Contact { get; init; }
    public string? Comment { get; init; }
    public string? SourceAddress { get; init; }
    public long ReceivedAt { get; init; }
    public string? Findings { get; init; }
    public string? Outside { get; init; }
    public string? Renews { get; init; }
    public string? GrantedSubject { get; init; }
    public string? GrantedSans { get; init; }
    public string? IdentityCheck { get; init; }
    public string? DecidedBy { get; init; }
    public string? DecidedByName { get; init; }
    public long? DecidedAt { get; init; }
    public string? Reason { get; init; }
    public string? AuthorityId { get; init; }
    public string? Serial { get; init; }
    public byte[]? TbsSha256 { get; init; }
    public long? ClaimedAt { get; init; }
    public string? ClaimedBy { get; init; }
    public string? CertificateId { get; init; }

    /// <summary>The version of the profile it was decided by; null before there were versions.</summary>
    public long? ProfileVersion { get; init; }
    public byte[]? IdempotencySha256 { get; init; }

    /// <summary>1 when whoever decided had also asked; null for decisions from before this was kept.</summary>
    public long? OwnRequest { get; init; }

    /// <summary>A request that is being signed is still waiting to those outside.</summary>
    public string PublicState => State == "Issuing" ? "Queued" : State;

    public DateTimeOffset Received => DateTimeOffset.FromUnixTimeMilliseconds(ReceivedAt);

    public IReadOnlyList<string> SanTexts => SanText.Texts(Sans);

    public IReadOnlyList<string> OutsideTexts => Outside is null ? [] : SanText.Texts(Outside);

    public IReadOnlyList<LintFinding> LintFindings => Findings is null ? [] : JsonSerializer.Deserialize<List<LintFinding>>(Findings, RequestJson.Options) ?? [];

    public CertificationRequest Parse() => CertificationRequest.Decode(Csr);

    /// <summary>What is signed when an officer changes nothing: what the profile grants, without what is outside the requester's allowance.</summary>
    public IssuanceRequest Proposed(CertificationRequest csr, Profile profile)
    {
        var names = Granting.Names(csr, profile.Definition);
        if (Outside is null)
            return names;
        var outside = OutsideTexts.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var left = names.Subject.Attributes.Where(a => outside.Contains(NameAllowance.TextOf(a))).ToList();
        var sans = names.Sans.Where(s => !outside.Contains(s.ToString()) && (csr.Sans.Contains(s) || !left.Exists(a => string.Equals(a.Value, s.Text, StringComparison.OrdinalIgnoreCase))));
        var subject = left.Count == 0 ? names.Subject : DistinguishedName.Of(names.Subject.Attributes.Except(left));
        return names with { Subject = subject, Sans = Granting.WithCommonName(profile.Definition.Names, subject, [.. sans]) };
    }

    public string HolderName => ClaimedRequester is { Length: > 0 } claimed ? claimed : RequesterName;
}

/// <summary>An officer's yes where more than one is needed.</summary>
internal sealed class ApprovalRow
{
    public required string ApproverId { get; init; }
    public required string ApproverName { get; init; }
    public required byte[] NamesSha256 { get; init; }
    public required string IdentityCheck { get; init; }
    public long ApprovedAt { get; init; }
}

internal static class RequestJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
}
