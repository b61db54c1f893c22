using System.Buffers;
using System.Security.Cryptography;
using Countersign.Contracts.Audit;
using Countersign.Server.Access;
using Countersign.Server.Storage;

namespace Countersign.Server.Audit;

/// <summary>What was done, by whom, to what. <paramref name="Detail"/> is a JSON text with the facts and without secrets.</summary>
internal sealed record AuditEntry(string OrganisationId, Actor Actor, string Action, string ObjectKind, string ObjectId, string Detail);

/// <summary>
/// The append-only log. A record is written in the same transaction as what it tells about, and chained to the one before by its hash
/// in the order of commits. There is no way to change or delete a record; the tables refuse it as well.
/// </summary>
internal sealed class AuditTrail
{
    private readonly Database _database;
    private readonly Instance _instance;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _canonical = new(1024);
    private readonly byte[] _digest = new byte[SHA256.HashSizeInBytes];
    private ChainHead _committed = ChainHead.Start;
    private ChainHead _head = ChainHead.Start;     // touched by the writer's thread only

    public AuditTrail(Database database, Instance instance, TimeProvider time)
    {
        _database = database;
        _instance = instance;
        _time = time;
        database.Follow(new CommitHooks(Load, () => Volatile.Write(ref _committed, _head), () => _head = _committed));
    }

    /// <summary>Newest record of this server that is durable.</summary>
    internal ChainHead Head => Volatile.Read(ref _committed);

    /// <summary>Adds the record to a unit; the position in the chain is given when the unit is committed.</summary>
    public void Append(WriteUnit unit, AuditEntry entry)
    {
        var record = new AuditRecord(
            _instance.Id, 0, 0, entry.OrganisationId, entry.Actor.Kind, entry.Actor.Id, Storable(entry.Actor.Name)!, Storable(entry.Actor.SourceAddress),
            entry.Action, entry.ObjectKind, Storable(entry.ObjectId)!, Storable(entry.Detail)!);
        var form = new AuditCanonicalForm(record);
        unit.AddLateRow(() => Chain(record, form));
    }

    private Sql Chain(AuditRecord r, AuditCanonicalForm form)
    {
        var seq = _head.Seq + 1;
        var at = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _canonical.ResetWrittenCount();
        form.Write(_canonical, seq, at);
        SHA256.HashData(_canonical.WrittenSpan, _digest);
        _head = new ChainHead(seq, AuditRecord.Link(_head.Hash, _digest));
        return $"""
            INSERT INTO audit (organisation_id, chain, seq, at, actor_kind, actor_id, actor_name, source, action, object_kind, object_id, detail, hash)
            VALUES ({r.OrganisationId}, {r.Chain}, {seq}, {at}, {r.ActorKind}, {r.ActorId}, {r.ActorName}, {r.Source}, {r.Action}, {r.ObjectKind}, {r.ObjectId}, {r.Detail}, {_head.Hash})
            """;
    }

    private async Task Load(CancellationToken ct)
    {
        _head = await _database.ReadOne<ChainHead>($"SELECT seq, hash FROM audit WHERE chain = {_instance.Id} ORDER BY seq DESC LIMIT 1", ct) ?? ChainHead.Start;
        Volatile.Write(ref _committed, _head);
    }

    /// <summary>What both databases store and give back unchanged: no NUL, no half of a surrogate pair. The hash is over exactly this.</summary>
    private static string? Storable(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var whole = text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\ufffd') : text;
        return whole.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0
            ? whole
            : System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(whole));
    }
}

/// <summary>The last record of a chain.</summary>
internal sealed record ChainHead(long Seq, byte[] Hash)
{
    public static ChainHead Start { get; } = new(0, new byte[32]);
}
