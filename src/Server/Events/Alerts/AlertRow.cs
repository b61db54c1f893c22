using Countersign.Contracts;
using Countersign.Server.Storage;

namespace Countersign.Server.Events.Alerts;

/// <summary>A rule as stored. Times are Unix milliseconds, UTC.</summary>
internal sealed class AlertRow
{
    public static readonly Sql Columns = Sql.Raw("""
        r.id, r.organisation_id, r.name, r.enabled, r.least, r.kinds, r.target, r.address, r.sealed, r.rhythm, r.muted_until, r.created_at, r.created_by, r.failing_since, r.last_error,
        (SELECT count(*) FROM deliveries d WHERE d.rule_id = r.id) AS waiting
        """);

    public required string Id { get; init; }
    public required string OrganisationId { get; init; }
    public required string Name { get; init; }
    public long Enabled { get; init; }
    public required string Least { get; init; }
    public required string Kinds { get; init; }
    public required string Target { get; init; }
    public required string Address { get; init; }
    public byte[]? Sealed { get; init; }
    public required string Rhythm { get; init; }
    public long? MutedUntil { get; init; }
    public long CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public long? FailingSince { get; init; }
    public string? LastError { get; init; }
    public long Waiting { get; init; }

    public AlertTarget Way => Enum.Parse<AlertTarget>(Target);

    public bool IsDigest => Rhythm != nameof(AlertRhythm.Immediate);

    public AlertView View => new()
    {
        Id = Id,
        Name = Name,
        Enabled = Enabled != 0,
        LeastSeverity = Enum.Parse<EventSeverity>(Least),
        Kinds = Kinds.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Target = Way,
        Address = Address,
        Rhythm = Enum.Parse<AlertRhythm>(Rhythm),
        MutedUntil = Moment(MutedUntil),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        CreatedBy = CreatedBy,
        Waiting = Waiting,
        FailingSince = Moment(FailingSince),
        LastError = LastError,
    };

    private static DateTimeOffset? Moment(long? at) => at is { } moment ? DateTimeOffset.FromUnixTimeMilliseconds(moment) : null;
}
