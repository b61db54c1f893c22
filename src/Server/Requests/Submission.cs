using Countersign.Pki;
using Countersign.Pki.Requests;
using Countersign.Pki.Signing;
using Countersign.Server.Access;
using Countersign.Server.Issuance;

namespace Countersign.Server.Requests;

/// <summary>The way a request came in. Also the class its place in the queue is counted under.</summary>
internal enum Door
{
    Console,
    Rest,
    Est,
    Slot,
    Internal,
}

/// <summary>The doors as callers spell them.</summary>
internal static class Doors
{
    private static readonly IReadOnlyDictionary<string, Door> ByName = Enum.GetValues<Door>().ToDictionary(Spelled, StringComparer.OrdinalIgnoreCase);

    public static string Spelled(Door door) => door.ToString().ToLowerInvariant();

    /// <param name="stored">The column "door" of a request.</param>
    public static string Spelled(string stored) => Spelled(Enum.Parse<Door>(stored));

    public static Door Parse(string name) =>
        ByName.TryGetValue(name, out var door) ? door : throw new RefusalException(Refusal.Malformed, $"there is no such door; door is one of {string.Join(", ", ByName.Keys)}");
}

/// <summary>Who asks, as far as the door could tell.</summary>
/// <param name="Kind">administrator, token, account, code or certificate.</param>
/// <param name="SubmitterId">The administrator behind it, if there is one: nobody counts for their own request where four eyes are asked for.</param>
internal sealed record Requester(string Kind, string Id, string Name, NameAllowance Allowance, string? SubmitterId);

/// <summary>One request as any door hands it in.</summary>
/// <param name="Csr">PKCS#10, PEM or DER.</param>
/// <param name="ClaimedRequester">What the submission says of itself; shown to the officer as a claim.</param>
/// <param name="Renews">The certificate this one is to replace with overlap (REV-A6).</param>
internal sealed record Submission(string OrganisationId, string Profile, ReadOnlyMemory<byte> Csr, Door Door, Requester Requester, Actor Actor)
{
    public string? ClaimedRequester { get; init; }
    public string? Contact { get; init; }
    public string? Comment { get; init; }
    public string? Renews { get; init; }
    public IdempotencyKey? IdempotencyKey { get; init; }

    /// <summary>True where an officer approved beforehand whatever stays within the allowance, by making a one-time code that says so. Never stands in for several officers.</summary>
    public bool ApprovedByRule { get; init; }

    /// <summary>True where the door polls by posting the same bytes again (EST).</summary>
    public bool PollsByPosting { get; init; }
}

/// <summary>What became of a submission.</summary>
internal abstract record SubmissionOutcome(string RequestId)
{
    public sealed record Queued(string RequestId) : SubmissionOutcome(RequestId);

    /// <param name="Names">Key and names as they were signed.</param>
    /// <param name="Csr">What was asked for.</param>
    public sealed record Issued(string RequestId, IssuedCertificate Certificate, IssuanceRequest Names, CertificationRequest Csr) : SubmissionOutcome(RequestId);
}
