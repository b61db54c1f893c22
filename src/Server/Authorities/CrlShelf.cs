using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>A revocation list in force, with what HTTP says about it.</summary>
internal sealed class CrlInForce(string authorityId, long number, DateTimeOffset thisUpdate, DateTimeOffset nextUpdate, long changes, byte[] der)
{
    internal string AuthorityId => authorityId;

    internal long Number => number;

    internal DateTimeOffset ThisUpdate => thisUpdate;

    internal DateTimeOffset NextUpdate => nextUpdate;

    /// <summary>Revocations it knows of, counted.</summary>
    internal long Changes => changes;

    internal ReadOnlyMemory<byte> Der => der;

    internal string ETag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(der).AsSpan(0, 16))}\"";

    internal string LastModified { get; } = thisUpdate.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>The lists in force, in memory as they are in the database, so that every server gives out the same.</summary>
internal sealed class CrlShelf(Database database)
{
    private readonly ConcurrentDictionary<string, CrlInForce> _lists = new();

    internal IReadOnlyCollection<CrlInForce> All => [.. _lists.Values];

    /// <summary>Null while there is none.</summary>
    internal async ValueTask<CrlInForce?> Get(string authorityId, CancellationToken ct)
    {
        if (_lists.TryGetValue(authorityId, out var known))
        {
            return known;
        }

        if (Ids.LooksLikeOne(authorityId))
        {
            await Load(authorityId, ct);
        }

        return _lists.GetValueOrDefault(authorityId);
    }

    /// <summary>Takes over what was published by whichever server.</summary>
    internal async Task Synchronise(CancellationToken ct)
    {
        foreach (var row in await database.ReadList<NumberRow>($"SELECT authority_id, number FROM crls", ct))
        {
            if (_lists.GetValueOrDefault(row.AuthorityId)?.Number != row.Number)
            {
                await Load(row.AuthorityId, ct);
            }
        }
    }

    internal async Task Load(string authorityId, CancellationToken ct)
    {
        if (await database.ReadOne<CrlRow>($"SELECT number, this_update, next_update, changes, der FROM crls WHERE authority_id = {authorityId}", ct) is { } row)
        {
            _lists[authorityId] = new CrlInForce(
                authorityId, row.Number, DateTimeOffset.FromUnixTimeMilliseconds(row.ThisUpdate), DateTimeOffset.FromUnixTimeMilliseconds(row.NextUpdate), row.Changes, row.Der);
        }
    }

    /// <summary>Puts a list in force. Numbers and times only grow; an older one changes nothing.</summary>
    internal static void Publish(WriteUnit unit, CrlInForce list, string organisationId) => unit.Add(
        $"""
        INSERT INTO crls (authority_id, organisation_id, number, this_update, next_update, changes, der)
        VALUES ({list.AuthorityId}, {organisationId}, {list.Number}, {list.ThisUpdate}, {list.NextUpdate}, {list.Changes}, {list.Der})
        ON CONFLICT (authority_id) DO UPDATE SET number = excluded.number, this_update = excluded.this_update, next_update = excluded.next_update,
          changes = excluded.changes, der = excluded.der WHERE crls.number < excluded.number
        """);

    private sealed record NumberRow(string AuthorityId, long Number);

    private sealed record CrlRow(long Number, long ThisUpdate, long NextUpdate, long Changes, byte[] Der);
}
