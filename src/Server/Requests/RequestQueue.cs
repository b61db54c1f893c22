using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Certificates;
using Countersign.Server.Storage;

namespace Countersign.Server.Requests;

/// <summary>Reading the queue and what became of it.</summary>
internal sealed class RequestQueue(Database db)
{
    public const int LargestPage = 500;

    public async Task<RequestRow> Get(string organisationId, string id, CancellationToken ct) =>
        await db.ReadOne<RequestRow>($"SELECT {RequestRow.Columns} FROM requests WHERE id = {id} AND organisation_id = {organisationId}", ct)
        ?? throw new RefusalException(Refusal.NotFound, $"request {id}");

    /// <summary>The names these requests ask for; those that are not there are left out.</summary>
    public Task<IReadOnlyList<NamedRow>> Names(string organisationId, IReadOnlyList<string> ids, CancellationToken ct) =>
        db.ReadList<NamedRow>($"SELECT id, subject, sans FROM requests WHERE organisation_id = {organisationId} AND id IN {Sql.List(ids)}", ct);

    /// <summary>The newest request with exactly these bytes, for doors that poll by posting again.</summary>
    public Task<RequestRow?> FindPosted(string organisationId, byte[] csrSha256, string requesterId, CancellationToken ct) =>
        db.ReadOne<RequestRow>($"""
            SELECT {RequestRow.Columns} FROM requests WHERE organisation_id = {organisationId} AND csr_sha256 = {csrSha256} AND requester_id = {requesterId}
            ORDER BY id DESC LIMIT 1
            """, ct);

    /// <summary>Queued requests oldest first, everything else newest first. Paged by key.</summary>
    /// <param name="after">The id of the last row seen.</param>
    public Task<IReadOnlyList<RequestRow>> List(string organisationId, RequestFilter filter, string? after, int limit, CancellationToken ct) =>
        List(organisationId, filter, filter.State == RequestState.Queued, after, limit, ct);

    /// <summary>In the order they came or the other way round.</summary>
    public Task<IReadOnlyList<RequestRow>> List(string organisationId, RequestFilter filter, bool oldestFirst, string? after, int limit, CancellationToken ct)
    {
        var order = Sql.Raw(oldestFirst ? "ORDER BY id" : "ORDER BY id DESC");
        return db.ReadList<RequestRow>(
            $"SELECT {RequestRow.Columns} FROM requests WHERE {Matching(organisationId, filter, oldestFirst, after)} {order} LIMIT {Math.Clamp(limit, 1, LargestPage)}", ct);
    }

    /// <summary>How many queued requests there are behind the last row seen.</summary>
    public async Task<long> CountQueued(string organisationId, RequestFilter filter, string? after, CancellationToken ct) =>
        await db.ReadOne<long>($"SELECT count(*) FROM requests WHERE {Matching(organisationId, filter with { State = RequestState.Queued }, oldestFirst: true, after)}", ct);

    private static Sql Matching(string organisationId, RequestFilter filter, bool oldestFirst, string? after)
    {
        Sql where = $"organisation_id = {organisationId}";
        if (filter.Profile is { Length: > 0 } profile)
            where = $"{where} AND profile = {profile}";
        if (filter.Door is { Length: > 0 } door)
            where = $"{where} AND door = {Doors.Parse(door)}";
        if (filter.Text is { Length: > 0 } text)
        {
            var like = $"%{text.Trim().ToLowerInvariant().Replace("%", "", StringComparison.Ordinal)}%";
            where = $"{where} AND (lower(subject) LIKE {like} OR lower(sans) LIKE {like} OR lower(requester_name) LIKE {like} OR lower(claimed_requester) LIKE {like} OR id LIKE {like})";
        }
        if (filter.State == RequestState.Queued)
        {
            // What is being signed still waits to those outside. Two partial indexes answer this, one query over both states would read every request.
            where = $"""
                {where} AND id IN (SELECT id FROM requests WHERE organisation_id = {organisationId} AND state = 'Queued'
                  UNION ALL SELECT id FROM requests WHERE organisation_id = {organisationId} AND state = 'Issuing')
                """;
        }
        else if (filter.State is { } state)
        {
            where = $"{where} AND state = {state}";
        }
        return after is { Length: > 0 } ? $"{where} AND id {Sql.Raw(oldestFirst ? ">" : "<")} {after}" : where;
    }

    public async Task<long> CountQueued(string organisationId, CancellationToken ct) =>
        await db.ReadOne<long>($"SELECT count(*) FROM requests WHERE organisation_id = {organisationId} AND state = 'Queued'", ct);

    /// <summary>Two of them differ when a request came or was decided in between, on whichever server.</summary>
    public async Task<QueueStanding> Standing(string organisationId, CancellationToken ct) =>
        await db.ReadOne<QueueStanding>($"SELECT count(*) AS queued, max(id) AS newest FROM requests WHERE organisation_id = {organisationId} AND state = 'Queued'", ct) ?? new QueueStanding(0, null);

    public Task<IReadOnlyList<ApprovalRow>> Approvals(string organisationId, string requestId, CancellationToken ct) =>
        db.ReadList<ApprovalRow>($"""
            SELECT approver_id, approver_name, names_sha256, identity_check, approved_at FROM approvals
            WHERE organisation_id = {organisationId} AND request_id = {requestId} ORDER BY approved_at
            """, ct);
}

/// <summary>How many wait, and the newest of them.</summary>
internal sealed record QueueStanding(long Queued, string? Newest);
