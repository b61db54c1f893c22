using Countersign.Contracts;
using Countersign.Server.Storage;

namespace Countersign.Server.Events;

/// <summary>Something to tell.</summary>
/// <param name="OrganisationId">Whose it is.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Kind">A stable word; its text is Event.… in the resources.</param>
/// <param name="ObjectKind">Kind of the thing it is about, as the audit trail spells it.</param>
/// <param name="ObjectId">Id of the thing.</param>
/// <param name="ObjectName">What people call it.</param>
internal sealed record NewEvent(string OrganisationId, EventSeverity Severity, string Kind, string ObjectKind, string ObjectId, string ObjectName)
{
    /// <summary>What stands in the text; never a secret.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>What makes it the same event when it is raised again; null: it is told each time.</summary>
    public string? Once { get; init; }
}

/// <summary>One event as stored. Times are Unix milliseconds, UTC.</summary>
internal sealed class EventRow
{
    public static readonly Sql Columns = Sql.Raw("id, organisation_id, at, severity, kind, object_kind, object_id, object_name, parameters, acknowledged_at, acknowledged_by");

    public required string Id { get; init; }
    public required string OrganisationId { get; init; }
    public long At { get; init; }
    public required string Severity { get; init; }
    public required string Kind { get; init; }
    public required string ObjectKind { get; init; }
    public required string ObjectId { get; init; }
    public required string ObjectName { get; init; }
    public required string Parameters { get; init; }
    public long? AcknowledgedAt { get; init; }
    public string? AcknowledgedBy { get; init; }
}
