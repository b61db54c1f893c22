using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Storage;

namespace Countersign.Server.Nodes;

/// <summary>Clusters of mobility routers, whose virtual certificates are the same on every member (SLT-15, SLT-16), and zones.</summary>
internal sealed class ClusterBook(Database database, Equipment equipment, AuditTrail audit, TimeProvider time, RandomNumberGenerator random)
{
    private const int MostListed = 1000;
    private static readonly Sql Columns = Sql.Raw("id, organisation_id, name, local_name, remote_name");

    /// <exception cref="RefusalException">not_found</exception>
    internal async Task<Cluster> Get(string organisationId, string id, CancellationToken ct) =>
        await Find(organisationId, id, ct) ?? throw new RefusalException(Refusal.NotFound, $"cluster {id}");

    internal Task<Cluster?> Find(string organisationId, string id, CancellationToken ct) =>
        database.ReadOne<Cluster>($"SELECT {Columns} FROM clusters WHERE id = {id} AND organisation_id = {organisationId}", ct);

    internal Task<IReadOnlyList<Cluster>> List(string organisationId, CancellationToken ct) =>
        database.ReadList<Cluster>($"SELECT {Columns} FROM clusters WHERE organisation_id = {organisationId} ORDER BY name_key LIMIT {MostListed}", ct);

    /// <exception cref="RefusalException">bad_name, name_taken, bad_cluster, not_found, in_cluster</exception>
    internal async Task<Cluster> Add(string organisationId, SaveCluster wanted, Actor actor, CancellationToken ct)
    {
        var cluster = new Cluster
        {
            Id = Ids.New(time, random),
            OrganisationId = organisationId,
            Name = NodeNames.Title(wanted.Name),
            LocalName = NodeNames.Host(wanted.LocalName),
            RemoteName = string.IsNullOrWhiteSpace(wanted.RemoteName) ? null : NodeNames.Host(wanted.RemoteName),
        };
        var members = new List<Node>();
        foreach (var id in wanted.Nodes.Distinct(StringComparer.Ordinal))
        {
            members.Add(await equipment.Get(organisationId, id, ct));
        }

        if (members.Count < 2 || members.Find(n => n.Role != NodeRole.MobilityRouter) is not null)
        {
            throw new RefusalException(Refusal.BadCluster, members.Find(n => n.Role != NodeRole.MobilityRouter) is { } other ? $"{other.Name} is {other.Role}" : $"{members.Count} nodes were named");
        }

        var unit = new WriteUnit();
        unit.Add(
            $"""
            INSERT INTO clusters (id, organisation_id, name, name_key, local_name, remote_name, created_at)
            VALUES ({cluster.Id}, {organisationId}, {cluster.Name}, {cluster.Name.ToLowerInvariant()}, {cluster.LocalName}, {cluster.RemoteName}, {time.GetUtcNow()})
            ON CONFLICT (organisation_id, name_key) DO NOTHING
            """,
            1,
            () => new RefusalException(Refusal.NameTaken, $"There is a cluster {cluster.Name} already."));
        foreach (var (node, i) in members.Select((node, i) => (node, i)))
        {
            unit.Add(
                $"UPDATE nodes SET cluster_id = {cluster.Id}, is_primary = {i == 0} WHERE id = {node.Id} AND cluster_id IS NULL", 1, () => new RefusalException(Refusal.InCluster, node.Name));
            equipment.OfferSlots(unit, organisationId, node.Id, SlotKinds.Of(node.Role, clustered: true));
        }

        equipment.OfferSlots(unit, organisationId, cluster.Id, SlotKinds.OfCluster);
        audit.Append(unit, Entry(cluster, actor, "cluster.add", [.. members.Select(m => m.Name)]));
        await database.Write(unit, ct);
        return cluster;
    }

    /// <summary>Its members stand alone again, with their own slots as they were; the cluster's slots are withdrawn.</summary>
    /// <exception cref="RefusalException">not_found</exception>
    internal async Task Dissolve(string organisationId, string id, Actor actor, CancellationToken ct)
    {
        var cluster = await Get(organisationId, id, ct);
        var members = await equipment.Members(organisationId, id, ct);
        var unit = new WriteUnit();
        unit.Add($"DELETE FROM clusters WHERE id = {id} AND organisation_id = {organisationId}", 1, () => new RefusalException(Refusal.NotFound, $"cluster {id}"));
        unit.Add($"UPDATE nodes SET cluster_id = NULL, is_primary = 0 WHERE cluster_id = {id}");
        equipment.OfferSlots(unit, organisationId, id, []);
        foreach (var node in members)
        {
            equipment.OfferSlots(unit, organisationId, node.Id, SlotKinds.Of(node.Role, clustered: false));
        }

        audit.Append(unit, Entry(cluster, actor, "cluster.dissolve", [.. members.Select(m => m.Name)]));
        await database.Write(unit, ct);
    }

    internal Task<IReadOnlyList<Zone>> Zones(string organisationId, CancellationToken ct) =>
        database.ReadList<Zone>($"SELECT id, name, backup_zone_id FROM zones WHERE organisation_id = {organisationId} ORDER BY name_key LIMIT {MostListed}", ct);

    /// <exception cref="RefusalException">bad_name, name_taken, not_found</exception>
    internal async Task<Zone> AddZone(string organisationId, SaveZone wanted, Actor actor, CancellationToken ct)
    {
        var zone = new Zone(Ids.New(time, random), NodeNames.Title(wanted.Name), string.IsNullOrEmpty(wanted.BackupZoneId) ? null : wanted.BackupZoneId);
        if (zone.BackupZoneId is { } backup && (await Zones(organisationId, ct)).All(z => z.Id != backup))
        {
            throw new RefusalException(Refusal.NotFound, $"zone {backup}");
        }

        var unit = new WriteUnit();
        unit.Add(
            $"""
            INSERT INTO zones (id, organisation_id, name, name_key, backup_zone_id) VALUES ({zone.Id}, {organisationId}, {zone.Name}, {zone.Name.ToLowerInvariant()}, {zone.BackupZoneId})
            ON CONFLICT (organisation_id, name_key) DO NOTHING
            """,
            1,
            () => new RefusalException(Refusal.NameTaken, $"There is a zone {zone.Name} already."));
        audit.Append(unit, new AuditEntry(organisationId, actor, "zone.add", "zone", zone.Id, JsonSerializer.Serialize(new ClusterFacts(zone.Name, []), NodesJson.Default.ClusterFacts)));
        await database.Write(unit, ct);
        return zone;
    }

    private static AuditEntry Entry(Cluster cluster, Actor actor, string action, IReadOnlyList<string> members) => new(
        cluster.OrganisationId, actor, action, "cluster", cluster.Id, JsonSerializer.Serialize(new ClusterFacts(cluster.Name, members), NodesJson.Default.ClusterFacts));
}
