using System.Globalization;
using System.Runtime.CompilerServices;
using Countersign.Contracts.Audit;
using Countersign.Pki;
using Countersign.Server.Storage;

namespace Countersign.Server.Audit;

/// <summary>What to show of the audit trail. Text looks into who, what, to what and from where; an action ending in "." means all that begin so.</summary>
internal sealed record AuditFilter(
    string? Text = null, string? Action = null, string? ObjectKind = null, string? ObjectId = null, string? Actor = null, DateTimeOffset? From = null, DateTimeOffset? Until = null,
    bool OldestFirst = false);

/// <summary>One record with its hash.</summary>
internal sealed record AuditRow(
    string Chain, long Seq, long At, string OrganisationId, string ActorKind, string ActorId, string ActorName, string? Source, string Action, string ObjectKind, string ObjectId,
    string Detail, byte[] Hash)
{
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(At);

    public AuditRecord Record => new(Chain, Seq, At, OrganisationId, ActorKind, ActorId, ActorName, Source, Action, ObjectKind, ObjectId, Detail);
}

/// <summary>Newest first; <paramref name="Next"/> goes on where this page ends.</summary>
internal sealed record AuditPage(IReadOnlyList<AuditRow> Rows, string? Next);

/// <summary>Reading the audit trail: pages for people and programs, the whole of it for verification.</summary>
internal sealed class AuditLog(Database database, AuditCheckpoints checkpoints)
{
    private const int LargestPage = 200;
    private const string Columns = "chain, seq, at, organisation_id, actor_kind, actor_id, actor_name, source, action, object_kind, object_id, detail, hash";

    /// <summary>A page of the organisation's records and of those that belong to the whole installation.</summary>
    internal async Task<AuditPage> Page(string organisationId, AuditFilter filter, int limit, string? after, CancellationToken ct)
    {
        limit = Math.Clamp(limit, 1, LargestPage);
        var conditions = Sql.Join(" AND ", [Of(organisationId), .. Conditions(filter), After(after, filter.OldestFirst)]);
        var order = Sql.Raw(filter.OldestFirst ? "at, chain, seq" : "at DESC, chain DESC, seq DESC");
        var rows = await database.ReadList<AuditRow>($"SELECT {Sql.Raw(Columns)} FROM audit WHERE {conditions} ORDER BY {order} LIMIT {limit + 1}", ct);
        return rows.Count <= limit ? new AuditPage(rows, null) : new AuditPage([.. rows.Take(limit)], Cursor(rows[limit - 1]));
    }

    /// <summary>What happened to one thing, oldest first.</summary>
    internal Task<IReadOnlyList<AuditRow>> History(string organisationId, string objectId, CancellationToken ct) =>
        database.ReadList<AuditRow>($"SELECT {Sql.Raw(Columns)} FROM audit WHERE object_id = {objectId} AND {Of(organisationId)} ORDER BY at, chain, seq LIMIT 1000", ct);

    /// <summary>
    /// The lines of an export: per chain its checkpoints, then every record. Records of other organisations are given as digests, so the
    /// chain can be verified without reading them.
    /// </summary>
    internal async IAsyncEnumerable<AuditLine> Export(string organisationId, [EnumeratorCancellation] CancellationToken ct)
    {
        var own = await checkpoints.Sign(ct);
        var signed = (await database.ReadList<CheckpointRow>($"SELECT chain, seq, hash, at, signature, public_key FROM audit_checkpoints ORDER BY chain, seq", ct))
            .ToLookup(c => c.Chain);
        string? chain = null;
        await foreach (var row in database.Stream<AuditRow>($"SELECT {Sql.Raw(Columns)} FROM audit ORDER BY chain, seq", ct))
        {
            if (row.Chain == own.Chain && row.Seq > own.Signed)
            {
                continue;   // written since the signature was made; the next export has it, signed
            }

            if (row.Chain != chain)
            {
                chain = row.Chain;
                foreach (var checkpoint in signed[chain])
                {
                    yield return new AuditLine { Checkpoint = checkpoint.Checkpoint };
                }
            }

            var hash = Convert.ToHexStringLower(row.Hash);
            yield return row.OrganisationId == organisationId || row.OrganisationId.Length == 0
                ? new AuditLine { Record = row.Record, Hash = hash }
                : new AuditLine { Other = new AuditLink(row.Chain, row.Seq, Convert.ToHexStringLower(row.Record.Digest())), Hash = hash };
        }
    }

    private static Sql Of(string organisationId) => $"organisation_id IN ({organisationId}, '')";

    private static IEnumerable<Sql> Conditions(AuditFilter filter)
    {
        if (filter.Text is { Length: > 0 } text)
        {
            var pattern = Pattern("%", text);
            yield return $"(LOWER(actor_name) LIKE {pattern} ESCAPE '!' OR LOWER(action) LIKE {pattern} ESCAPE '!' OR LOWER(object_id) LIKE {pattern} ESCAPE '!' OR LOWER(source) LIKE {pattern} ESCAPE '!')";
        }

        if (filter.Action is { Length: > 0 } action)
        {
            Sql begins = $"action LIKE {Pattern("", action)} ESCAPE '!'";
            Sql equals = $"action = {action}";
            yield return action.EndsWith('.') ? begins : equals;
        }

        if (filter.ObjectKind is { Length: > 0 } kind)
        {
            yield return $"object_kind = {kind}";
        }

        if (filter.ObjectId is { Length: > 0 } id)
        {
            yield return $"object_id = {id}";
        }

        if (filter.Actor is { Length: > 0 } actor)
        {
            yield return $"(actor_id = {actor} OR LOWER(actor_name) LIKE {Pattern("%", actor)} ESCAPE '!')";
        }

        if (filter.From is { } from)
        {
            yield return $"at >= {from}";
        }

        if (filter.Until is { } until)
        {
            yield return $"at < {until}";
        }
    }

    private static string Pattern(string before, string text) =>
        before + text.ToLowerInvariant().Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal) + "%";

    private static string Cursor(AuditRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.At}.{row.Chain}.{row.Seq}");

    private static Sql After(string? cursor, bool oldestFirst)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return Sql.Empty;
        }

        var parts = cursor.Split('.');
        if (parts.Length != 3 || !long.TryParse(parts[0], CultureInfo.InvariantCulture, out var at) || !long.TryParse(parts[2], CultureInfo.InvariantCulture, out var seq))
        {
            throw new RefusalException(Refusal.Malformed, "after is not the next of a page");
        }

        Sql later = $"(at, chain, seq) > ({at}, {parts[1]}, {seq})";
        Sql earlier = $"(at, chain, seq) < ({at}, {parts[1]}, {seq})";
        return oldestFirst ? later : earlier;
    }

    private sealed record CheckpointRow(string Chain, long Seq, byte[] Hash, long At, byte[] Signature, byte[] PublicKey)
    {
        public AuditCheckpoint Checkpoint => new(Chain, Seq, Convert.ToHexStringLower(Hash), At, Convert.ToBase64String(PublicKey), Convert.ToBase64String(Signature));
    }
}
