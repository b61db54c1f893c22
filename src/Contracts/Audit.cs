using System.Text.Json;

namespace Countersign.Contracts;

/// <summary>One audit record as lists show it; an export has its own form, <see cref="Countersign.Contracts.Audit.AuditLine"/>.</summary>
public sealed record AuditView
{
    /// <summary>The chain (one per server instance) it belongs to.</summary>
    public required string Chain { get; init; }

    /// <summary>Position in its chain, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required ActorView Actor { get; init; }

    /// <summary>From where.</summary>
    public string? SourceAddress { get; init; }

    /// <summary>What: <c>request.approve</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Kind of the object: <c>request</c>.</summary>
    public required string ObjectKind { get; init; }

    /// <summary>Id of the object.</summary>
    public required string ObjectId { get; init; }

    /// <summary>Facts, without secrets.</summary>
    public JsonElement? Detail { get; init; }

    /// <summary>Link of the chain: over the hash before it and this record, lower-case hex.</summary>
    public required string Hash { get; init; }
}
