namespace Countersign.Contracts;

/// <summary>One extension as it is in the certificate.</summary>
public sealed record ExtensionView
{
    /// <summary>Dotted object identifier.</summary>
    public required string Oid { get; init; }

    /// <summary>Name, if known.</summary>
    public string? Name { get; init; }

    /// <summary>Critical or not.</summary>
    public required bool Critical { get; init; }

    /// <summary>Meaning for a person, or the value in hex.</summary>
    public required string Text { get; init; }
}

/// <summary>A revocation.</summary>
public sealed record RevocationView
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Reason by its RFC 5280 section 5.3.1 name: <c>keyCompromise</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Who revoked it.</summary>
    public required ActorView By { get; init; }

    /// <summary>What was written with it.</summary>
    public string? Comment { get; init; }
}

/// <summary>One field: what was asked, what was granted, and which rule decided.</summary>
public sealed record GrantView
{
    /// <summary><c>subject</c>, <c>sans</c>, <c>validity</c>, <c>keyUsage</c>, <c>extendedKeyUsage</c> …</summary>
    public required string Field { get; init; }

    /// <summary>What the request asked for; absent if it did not.</summary>
    public string? Requested { get; init; }

    /// <summary>What is in the certificate; absent if not granted.</summary>
    public string? Granted { get; init; }

    /// <summary>The rule or person that decided.</summary>
    public required string Rule { get; init; }
}

/// <summary>Something that happened to a certificate.</summary>
public sealed record HistoryView
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What: <c>request.submit</c>, <c>certificate.issue</c>, <c>certificate.revoke</c> …</summary>
    public required string Action { get; init; }

    /// <summary>Who.</summary>
    public required ActorView By { get; init; }
}
