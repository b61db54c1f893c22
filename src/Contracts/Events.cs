namespace Countersign.Contracts;

/// <summary>How much an event matters.</summary>
public enum EventSeverity
{
    /// <summary>Something to plan for; blue in the console.</summary>
    Warning,

    /// <summary>Something to do soon; yellow in the console.</summary>
    Minor,

    /// <summary>Something is wrong now; orange in the console.</summary>
    Major,
}

/// <summary>One event.</summary>
public sealed record EventView
{
    /// <summary>Identifier; sorts by age.</summary>
    public required string Id { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How much it matters.</summary>
    public required EventSeverity Severity { get; init; }

    /// <summary>What happened, a stable word: <c>certificate_expiry</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Kind of the thing it is about: <c>certificate</c>.</summary>
    public required string ObjectKind { get; init; }

    /// <summary>Id of the thing.</summary>
    public required string ObjectId { get; init; }

    /// <summary>What the thing was called.</summary>
    public required string ObjectName { get; init; }

    /// <summary>What happened, in words.</summary>
    public required string Text { get; init; }

    /// <summary>The facts that stand in the words.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; set; } = new Dictionary<string, string>();

    /// <summary>When somebody said that it is known, UTC; absent while nobody did.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Who said so.</summary>
    public string? AcknowledgedBy { get; init; }
}

/// <summary>Which events to list.</summary>
public sealed record EventFilter
{
    /// <summary>Only this severity.</summary>
    public EventSeverity? Severity { get; init; }

    /// <summary>Only this kind: <c>certificate_expiry</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Only about things of this kind: <c>certificate</c>.</summary>
    public string? ObjectKind { get; init; }

    /// <summary>Only about the thing with this id.</summary>
    public string? ObjectId { get; init; }

    /// <summary>Only those that are, or are not, acknowledged.</summary>
    public bool? Acknowledged { get; init; }
}

/// <summary>Body of <c>POST /api/v1/events/acknowledge</c>.</summary>
public sealed record AcknowledgeEvents
{
    /// <summary>Ids of the events, at most 500.</summary>
    public required IReadOnlyList<string> Ids { get; init; }
}
