namespace Countersign.Contracts;

/// <summary>Where a certificate request stands.</summary>
public enum RequestState
{
    /// <summary>Waits for a decision.</summary>
    Queued,

    /// <summary>Approved; the certificate exists.</summary>
    Issued,

    /// <summary>Refused for good; its key stays refused.</summary>
    Rejected,

    /// <summary>Nobody decided in time.</summary>
    Expired,
}

/// <summary>Body of <c>POST /api/v1/requests</c>. Answered 201 when a certificate was issued at once, else 202; both with <see cref="RequestView"/>.</summary>
public sealed record SubmitRequest
{
    /// <summary>PKCS#10 (RFC 2986): PEM text, or DER in base64.</summary>
    public required string Csr { get; init; }

    /// <summary>Name of the issuing profile; absent means the organisation's default.</summary>
    public string? Profile { get; init; }

    /// <summary>How to reach the requester; a claim, shown to the officer.</summary>
    public string? Contact { get; init; }

    /// <summary>Who asks; a claim, shown to the officer. At most one active certificate per requester and profile unless renewed.</summary>
    public string? Requester { get; init; }

    /// <summary>Anything the officer should know.</summary>
    public string? Comment { get; init; }

    /// <summary>Id of the certificate this one renews, if it does.</summary>
    public string? Renews { get; init; }
}

/// <summary>A decision that was made.</summary>
public sealed record DecisionView
{
    /// <summary>Who decided.</summary>
    public required ActorView By { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Reason of a rejection.</summary>
    public string? Reason { get; init; }

    /// <summary>Statement how the requester's identity was checked; with an approval.</summary>
    public string? IdentityCheck { get; init; }

    /// <summary>True when the person who decided had also submitted the request.</summary>
    public bool OwnRequest { get; init; }
}

/// <summary>Names as they are signed.</summary>
public sealed record GrantedNames
{
    /// <summary>Subject, RFC 4514 style in encoded order.</summary>
    public required string Subject { get; init; }

    /// <summary>Subject alternative names with their kind, in encoded order.</summary>
    public IReadOnlyList<string> Sans { get; set; } = [];
}

/// <summary>A certificate request.</summary>
public sealed record RequestView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required RequestState State { get; init; }

    /// <summary>Subject asked for, RFC 4514 style in encoded order.</summary>
    public required string Subject { get; init; }

    /// <summary>Subject alternative names asked for: <c>dns:pbx.example.test</c>, <c>ip:192.0.2.1</c>, <c>email:…</c>, <c>uri:…</c>.</summary>
    public IReadOnlyList<string> Sans { get; set; } = [];

    /// <summary>The names as they were signed or, while it is queued, as they will be if it is approved as it is: by the profile's rules of now, without what is outside the
    /// requester's allowance. In answers for one request only; absent where nothing is signed.</summary>
    public GrantedNames? Granted { get; init; }

    /// <summary>The key asked for.</summary>
    public required KeyView Key { get; init; }

    /// <summary>Door it came through: <c>console</c>, <c>rest</c> (API and command line), <c>est</c>, <c>slot</c> (equipment), <c>internal</c> (this server for itself).</summary>
    public required string Door { get; init; }

    /// <summary>Address it came from.</summary>
    public string? SourceAddress { get; init; }

    /// <summary>Who asks.</summary>
    public required ActorView Requester { get; init; }

    /// <summary>When it came in, UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Name of the issuing profile.</summary>
    public required string Profile { get; init; }

    /// <summary>What the rules found.</summary>
    public IReadOnlyList<FindingView> Findings { get; set; } = [];

    /// <summary>Names the requester may not have without an officer's decision.</summary>
    public IReadOnlyList<string> NamesOutsideAllowance { get; set; } = [];

    /// <summary>Approvals given so far.</summary>
    public IReadOnlyList<DecisionView> Approvals { get; set; } = [];

    /// <summary>Approvals the profile asks for.</summary>
    public int ApprovalsNeeded { get; set; } = 1;

    /// <summary>The final decision, once made.</summary>
    public DecisionView? Decision { get; init; }

    /// <summary>What the requester added.</summary>
    public string? Comment { get; init; }

    /// <summary>Identifier of the certificate, once issued.</summary>
    public string? CertificateId { get; init; }

    /// <summary>The certificate in PEM, once issued.</summary>
    public string? CertificatePem { get; init; }

    /// <summary>Chain up to, without, the root in PEM, once issued.</summary>
    public string? ChainPem { get; init; }

    /// <summary>Address to ask for the outcome, relative to the server.</summary>
    public required string PollUrl { get; init; }

    /// <summary>Id of the certificate it renews.</summary>
    public string? Renews { get; init; }

    /// <summary>The request itself in PEM; in the answer for one request only.</summary>
    public string? CsrPem { get; init; }
}

/// <summary>Body of <c>POST /api/v1/requests/{id}/approve</c>.</summary>
public sealed record ApproveRequest
{
    /// <summary>How the requester's identity was checked; needed.</summary>
    public string? IdentityCheck { get; init; }

    /// <summary>Subject to grant instead of the one asked for, RFC 4514 style; absent leaves it.</summary>
    public string? Subject { get; init; }

    /// <summary>Names to grant instead of those asked for; absent leaves them.</summary>
    public IReadOnlyList<string>? Sans { get; init; }
}

/// <summary>Body of <c>POST /api/v1/requests/{id}/reject</c>.</summary>
public sealed record RejectRequest
{
    /// <summary>Why; the requester reads it.</summary>
    public string? Reason { get; init; }
}

/// <summary>Which requests a list or a bulk decision means. All given conditions must hold.</summary>
public sealed record RequestFilter
{
    /// <summary>Only this state.</summary>
    public RequestState? State { get; init; }

    /// <summary>Part of subject, name, requester or id.</summary>
    public string? Text { get; init; }

    /// <summary>Only this issuing profile.</summary>
    public string? Profile { get; init; }

    /// <summary>Only this door: <c>console</c>, <c>rest</c>, <c>est</c>, <c>slot</c>, <c>internal</c>.</summary>
    public string? Door { get; init; }
}

/// <summary>Body of <c>POST /api/v1/requests/approve</c>: give <see cref="Ids"/> or <see cref="Filter"/>, not both.</summary>
public sealed record BulkApprove
{
    /// <summary>The requests, by id; at most 1,000.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>The queued requests that match, oldest first, at most 1,000.</summary>
    public RequestFilter? Filter { get; init; }

    /// <summary>How the requesters' identity was checked; needed.</summary>
    public string? IdentityCheck { get; init; }
}

/// <summary>Body of <c>POST /api/v1/requests/reject</c>: give <see cref="Ids"/> or <see cref="Filter"/>, not both.</summary>
public sealed record BulkReject
{
    /// <summary>The requests, by id; at most 1,000.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>The queued requests that match, oldest first, at most 1,000.</summary>
    public RequestFilter? Filter { get; init; }

    /// <summary>Why; the requesters read it.</summary>
    public string? Reason { get; init; }
}

/// <summary>What became of one request of a bulk decision.</summary>
public sealed record BulkItem
{
    /// <summary>The request.</summary>
    public required string Id { get; init; }

    /// <summary>Its state now; absent when it was not found.</summary>
    public RequestState? State { get; init; }

    /// <summary>The certificate, if one was issued.</summary>
    public string? CertificateId { get; init; }

    /// <summary>Why this one was refused; absent when it went well.</summary>
    public Problem? Problem { get; init; }
}

/// <summary>Answer to a bulk decision; each item stands for itself.</summary>
public sealed record BulkResult
{
    /// <summary>One per request, in the order decided.</summary>
    public required IReadOnlyList<BulkItem> Items { get; init; }

    /// <summary>How many went well.</summary>
    public required int Done { get; init; }

    /// <summary>How many were refused.</summary>
    public required int Refused { get; init; }

    /// <summary>How many more the filter matches: one call decides at most 1,000. Send it again for the next.</summary>
    public long Remaining { get; init; }
}
