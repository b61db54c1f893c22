using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Storage;

namespace Countersign.Server.Requests;

/// <summary>One decision as its caller names it.</summary>
/// <param name="Act">approve, reject or revoke.</param>
/// <param name="TargetId">The request or certificate decided on; empty for many.</param>
internal sealed record DecisionKey(string OrganisationId, Actor Actor, IdempotencyKey Name, string Act, string TargetId)
{
    /// <summary>Part of the unit that decides: the key is kept exactly when the decision is.</summary>
    internal void Add(WriteUnit unit, DateTimeOffset now) => unit.Add(
        $"""
         INSERT INTO decision_keys (organisation_id, actor_id, idempotency_key, act, target_id, body_sha256, decided_at)
         VALUES ({OrganisationId}, {Actor.Id}, {Name.Key}, {Act}, {TargetId}, {Name.BodySha256}, {now})
         """);

    /// <summary>For one of the many: a name nobody can send, as a header has no line feed.</summary>
    internal DecisionKey For(string id) => this with { Name = Name with { Key = $"{Name.Key}\n{id}" }, TargetId = id };
}

/// <summary>Lets a decision be sent again when its answer was lost: it is made once, and answered as often as it is asked for.</summary>
internal sealed class DecisionKeys(Database db, TimeProvider clock)
{
    /// <summary>Decides, unless this very call decided before.</summary>
    internal async Task Once(DecisionKey? key, Func<Task> decide, CancellationToken ct)
    {
        if (key is null)
        {
            await decide();
            return;
        }

        if (await IsRepeated(key, ct))
            return;
        try
        {
            await decide();
        }
        catch (Exception e) when (e is RefusalException or ConstraintViolatedException)
        {
            // The same call at the same moment may have been first.
            if (!await IsRepeated(key, ct))
                throw;
        }
    }

    /// <summary>What a decision on many is about: chosen when it comes first, the same whenever it comes again.</summary>
    internal async Task<IReadOnlyList<string>> Targets(DecisionKey? key, Func<Task<IReadOnlyList<string>>> choose, CancellationToken ct)
    {
        if (key is null)
            return await choose();
        if (await Find(key, ct) is { } before)
            return Ids(before);
        await db.Write($"""
            INSERT INTO decision_keys (organisation_id, actor_id, idempotency_key, act, target_id, body_sha256, decided_at, targets)
            VALUES ({key.OrganisationId}, {key.Actor.Id}, {key.Name.Key}, {key.Act}, '', {key.Name.BodySha256}, {clock.GetUtcNow()}, {string.Join(' ', await choose())})
            ON CONFLICT DO NOTHING
            """, ct);
        return Ids((await Find(key, ct))!); // of the same call at the same moment, the first one's
    }

    private async Task<bool> IsRepeated(DecisionKey key, CancellationToken ct) => await Find(key, ct) is not null;

    private async Task<Kept?> Find(DecisionKey key, CancellationToken ct)
    {
        var kept = await db.ReadOne<Kept>($"""
            SELECT act, target_id, body_sha256, targets FROM decision_keys
            WHERE organisation_id = {key.OrganisationId} AND actor_id = {key.Actor.Id} AND idempotency_key = {key.Name.Key}
            """, ct);
        return kept is null || (kept.Act == key.Act && kept.TargetId == key.TargetId && kept.BodySha256.AsSpan().SequenceEqual(key.Name.BodySha256))
            ? kept
            : throw key.Name.Reused($"{kept.Act} {kept.TargetId}".TrimEnd());
    }

    private static string[] Ids(Kept kept) => (kept.Targets ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private sealed record Kept(string Act, string TargetId, byte[] BodySha256, string? Targets);
}
