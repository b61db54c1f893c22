using System.Text.Json;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Storage;

namespace Countersign.Server.Nodes;

/// <summary>Slots and what is in them.</summary>
internal sealed class Slots(Database database, Equipment equipment, ClusterBook clusters, AuditTrail audit)
{
    private const int MostNames = 100;
    private const int MostListed = 200;

    private static readonly Sql Columns = Sql.Raw("id, organisation_id, owner_id, kind, names, form, last_generated_at");

    private static readonly Sql InstallationColumns = Sql.Raw("id, organisation_id, slot_id, state, origin, key_id, certificate_id, leaf, chain, created_at, created_by, failure");

    /// <exception cref="RefusalException">not_found</exception>
    internal async Task<OwnedSlot> Get(string organisationId, string id, CancellationToken ct)
    {
        var slot = await database.ReadOne<Slot>($"SELECT {Columns} FROM slots WHERE id = {id} AND organisation_id = {organisationId} AND withdrawn_at IS NULL", ct)
            ?? throw new RefusalException(Refusal.NotFound, $"slot {id}");
        if (await equipment.Find(organisationId, slot.OwnerId, ct) is { } node)
        {
            return new OwnedSlot(slot, SlotOwner.Of(node, slot.Facts.Side));
        }

        var cluster = await clusters.Get(organisationId, slot.OwnerId, ct);
        return new OwnedSlot(slot, SlotOwner.Of(cluster, await equipment.Members(organisationId, cluster.Id, ct), slot.Facts.Side));
    }

    internal async Task<ILookup<string, OwnedSlot>> Of(string organisationId, IReadOnlyList<Node> nodes, CancellationToken ct)
    {
        var byId = nodes.ToDictionary(n => n.Id, StringComparer.Ordinal);
        var rows = await Rows(organisationId, byId.Keys, ct);
        return rows.Select(slot => new OwnedSlot(slot, SlotOwner.Of(byId[slot.OwnerId], slot.Facts.Side))).ToLookup(s => s.Owner.Id, StringComparer.Ordinal);
    }

    internal async Task<IReadOnlyList<OwnedSlot>> Of(Cluster cluster, IReadOnlyList<Node> members, CancellationToken ct) =>
        [.. (await Rows(cluster.OrganisationId, [cluster.Id], ct)).Select(slot => new OwnedSlot(slot, SlotOwner.Of(cluster, members, slot.Facts.Side)))];

    /// <summary>What is in use or waits to be, of each of these slots.</summary>
    internal async Task<ILookup<string, Installation>> Current(string organisationId, IEnumerable<string> slotIds, CancellationToken ct) => (await database.ReadList<Installation>(
        $"""
        SELECT {InstallationColumns} FROM installations
        WHERE organisation_id = {organisationId} AND slot_id IN {Sql.List(slotIds)} AND state IN ('Staged', 'Validated', 'PendingActivation', 'Active') ORDER BY id DESC
        """,
        ct)).ToLookup(i => i.SlotId, StringComparer.Ordinal);

    /// <summary>Newest first.</summary>
    internal Task<IReadOnlyList<Installation>> History(string organisationId, string slotId, CancellationToken ct) => database.ReadList<Installation>(
        $"SELECT {InstallationColumns} FROM installations WHERE organisation_id = {organisationId} AND slot_id = {slotId} ORDER BY id DESC LIMIT {MostListed}", ct);

    /// <exception cref="RefusalException">not_found</exception>
    internal async Task<Installation> Installation(string organisationId, string id, CancellationToken ct) =>
        await database.ReadOne<Installation>($"SELECT {InstallationColumns} FROM installations WHERE id = {id} AND organisation_id = {organisationId}", ct)
        ?? throw new RefusalException(Refusal.NotFound, $"installation {id}");

    internal async Task<ISet<string>> WithOpenRequest(string organisationId, IEnumerable<string> slotIds, CancellationToken ct) =>
        (await database.ReadList<Named>($"SELECT slot_id AS name FROM slot_requests WHERE organisation_id = {organisationId} AND slot_id IN {Sql.List(slotIds)}", ct)).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);

    internal Task<SlotRequest?> OpenRequest(string slotId, CancellationToken ct) => database.ReadOne<SlotRequest>(
        $"SELECT slot_id, organisation_id, key_id, csr, request_id, created_at, created_by FROM slot_requests WHERE slot_id = {slotId}", ct);

    /// <summary>Where a wildcard sits in several nodes: one stolen key speaks for all of them .</summary>
    internal Task<long> OwnersOf(string organisationId, byte[] leaf, CancellationToken ct) => database.ReadOne<long>(
        $"SELECT COUNT(DISTINCT s.owner_id) FROM installations i JOIN slots s ON s.id = i.slot_id WHERE i.organisation_id = {organisationId} AND i.state = 'Active' AND i.leaf = {leaf}", ct);

    /// <summary>Says what clients call a slot besides its owner's names.</summary>
    /// <exception cref="RefusalException">not_found, bad_name, too_many_names</exception>
    internal async Task SaveNames(string organisationId, string id, SaveServedNames wanted, Actor actor, CancellationToken ct)
    {
        var owned = await Get(organisationId, id, ct);
        if (wanted.Names.Count > MostNames)
        {
            throw new RefusalException(Refusal.TooManyNames, $"{wanted.Names.Count} names, at most {MostNames} are kept for a slot");
        }

        IReadOnlyList<ServedName> names = [.. wanted.Names.Select(n => new ServedName
        {
            Name = NodeNames.Alternative(n.Name).ToString(),
            Service = string.IsNullOrWhiteSpace(n.Service) ? null : NodeNames.Title(n.Service),
        })];
        var unit = new WriteUnit();
        unit.Add($"UPDATE slots SET names = {JsonSerializer.Serialize(names, NodesJson.Default.IReadOnlyListServedName)} WHERE id = {id} AND organisation_id = {organisationId}");
        audit.Append(unit, Entry(owned, actor, "slot.names", null));
        await database.Write(unit, ct);
    }

    /// <summary>An audit record about a slot.</summary>
    internal static AuditEntry Entry(OwnedSlot owned, Actor actor, string action, Pki.X509.Certificate? certificate) => new(
        owned.Slot.OrganisationId, actor, action, "slot", owned.Slot.Id,
        JsonSerializer.Serialize(new SlotFactsWritten(owned.Owner.Name, owned.Slot.Kind, certificate?.Subject.ToString(), certificate?.SerialHex), NodesJson.Default.SlotFactsWritten));

    private Task<IReadOnlyList<Slot>> Rows(string organisationId, IEnumerable<string> owners, CancellationToken ct) => database.ReadList<Slot>(
        $"SELECT {Columns} FROM slots WHERE organisation_id = {organisationId} AND owner_id IN {Sql.List(owners)} AND withdrawn_at IS NULL ORDER BY id", ct);
}
