using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Storage;

namespace Countersign.Server.Nodes;

/// <summary>The nodes of an organisation. Their slots appear with them.</summary>
internal sealed class Equipment(Database database, AuditTrail audit, TimeProvider time, RandomNumberGenerator random)
{
    internal const int LargestPage = 500;
    internal const int LongestName = 100;
    private const int MostNames = 50;

    private static readonly Sql Columns = Sql.Raw(
        "id, organisation_id, name, role, fqdn, remote_name, other_names, country, state, locality, organization, organizational_unit, production, cluster_id, is_primary, zone_id");

    /// <exception cref="RefusalException">not_found</exception>
    internal async Task<Node> Get(string organisationId, string id, CancellationToken ct) =>
        await Find(organisationId, id, ct) ?? throw new RefusalException(Refusal.NotFound, $"node {id}");

    internal Task<Node?> Find(string organisationId, string id, CancellationToken ct) =>
        database.ReadOne<Node>($"SELECT {Columns} FROM nodes WHERE id = {id} AND organisation_id = {organisationId}", ct);

    /// <summary>By name.</summary>
    /// <param name="text">Part of a name; null means all.</param>
    /// <param name="after">The name of the last node seen.</param>
    internal Task<IReadOnlyList<Node>> List(string organisationId, string? text, NodeRole? role, string? after, int limit, CancellationToken ct)
    {
        Sql where = $"organisation_id = {organisationId}";
        if (after is { Length: > 0 })
        {
            where = $"{where} AND name_key > {after.ToLowerInvariant()}";
        }

        if (role is not null)
        {
            where = $"{where} AND role = {role}";
        }

        if (text?.Trim().ToLowerInvariant() is { Length: > 0 } part)
        {
            var pattern = "%" + part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
            where = $"{where} AND (name_key LIKE {pattern} ESCAPE '\\' OR fqdn LIKE {pattern} ESCAPE '\\' OR remote_name LIKE {pattern} ESCAPE '\\')";
        }

        return database.ReadList<Node>($"SELECT {Columns} FROM nodes WHERE {where} ORDER BY name_key LIMIT {Math.Clamp(limit, 1, LargestPage)}", ct);
    }

    internal Task<IReadOnlyList<Node>> Members(string organisationId, string clusterId, CancellationToken ct) =>
        database.ReadList<Node>($"SELECT {Columns} FROM nodes WHERE cluster_id = {clusterId} AND organisation_id = {organisationId} ORDER BY is_primary DESC, name_key", ct);

    /// <exception cref="RefusalException">bad_name, bad_country, name_taken, too_many_names</exception>
    internal async Task<Node> Add(string organisationId, SaveNode wanted, Actor actor, CancellationToken ct)
    {
        var node = Checked(wanted, Ids.New(time, random), organisationId);
        await EnsureZone(organisationId, node.ZoneId, ct);
        var unit = new WriteUnit();
        unit.Add(
            $"""
            INSERT INTO nodes (id, organisation_id, name, name_key, role, fqdn, remote_name, other_names, country, state, locality, organization, organizational_unit, production,
              cluster_id, is_primary, zone_id, created_at)
            VALUES ({node.Id}, {organisationId}, {node.Name}, {node.NameKey}, {node.Role}, {node.Fqdn}, {node.RemoteName}, {node.OtherNames}, {node.Country}, {node.State}, {node.Locality},
              {node.Organization}, {node.OrganizationalUnit}, {node.Production}, {(string?)null}, {false}, {node.ZoneId}, {time.GetUtcNow()})
            ON CONFLICT (organisation_id, name_key) DO NOTHING
            """,
            1,
            () => Taken(node.Name));
        OfferSlots(unit, organisationId, node.Id, SlotKinds.Of(node.Role, clustered: false));
        audit.Append(unit, Entry(node, actor, "node.add"));
        await database.Write(unit, ct);
        return node;
    }

    /// <exception cref="RefusalException">not_found, bad_name, bad_country, name_taken, too_many_names, role_fixed</exception>
    internal async Task<Node> Change(string organisationId, string id, SaveNode wanted, Actor actor, CancellationToken ct)
    {
        var known = await Get(organisationId, id, ct);
        if (known.Role != wanted.Role)
        {
            throw new RefusalException(Refusal.RoleFixed, $"{known.Name} is {known.Role}");
        }

        var node = Checked(wanted, id, organisationId);
        await EnsureZone(organisationId, node.ZoneId, ct);
        if (await database.ReadOne<long>($"SELECT COUNT(*) FROM nodes WHERE organisation_id = {organisationId} AND name_key = {node.NameKey} AND id <> {id}", ct) > 0)
        {
            throw Taken(node.Name);
        }

        var unit = new WriteUnit();
        unit.Add(
            $"""
            UPDATE nodes SET name = {node.Name}, name_key = {node.NameKey}, fqdn = {node.Fqdn}, remote_name = {node.RemoteName}, other_names = {node.OtherNames}, country = {node.Country},
              state = {node.State}, locality = {node.Locality}, organization = {node.Organization}, organizational_unit = {node.OrganizationalUnit}, production = {node.Production}, zone_id = {node.ZoneId}
            WHERE id = {id} AND organisation_id = {organisationId}
            """,
            1,
            () => new RefusalException(Refusal.NotFound, $"node {id}"));
        audit.Append(unit, Entry(node, actor, "node.change"));
        await database.Write(unit, ct);
        return await Get(organisationId, id, ct);
    }

    /// <summary>Takes a node and its slots away, with the keys this server holds for it. Its certificates stay in the inventory.</summary>
    /// <exception cref="RefusalException">not_found, in_cluster, confirmation_required while a certificate of it is in use</exception>
    internal async Task Remove(string organisationId, string id, bool confirmed, Actor actor, CancellationToken ct)
    {
        var node = await Get(organisationId, id, ct);
        if (node.ClusterId is not null)
        {
            throw new RefusalException(Refusal.InCluster, node.Name);
        }

        var inUse = await database.ReadList<Named>(
            $"SELECT i.subject AS name FROM installations i JOIN slots s ON s.id = i.slot_id WHERE s.owner_id = {id} AND s.organisation_id = {organisationId} AND i.state = 'Active'", ct);
        if (inUse.Count > 0 && !confirmed)
        {
            throw new RefusalException(Refusal.ConfirmationRequired, $"nobody watches over these certificates of {node.Name} any more: {string.Join("; ", inUse.Select(c => c.Name))}")
            {
                Facts = new Dictionary<string, object?>(StringComparer.Ordinal) { ["affected"] = inUse.Count },
            };
        }

        var unit = new WriteUnit();
        Sql slots = $"SELECT id FROM slots WHERE owner_id = {id} AND organisation_id = {organisationId}";
        unit.Add($"DELETE FROM installations WHERE slot_id IN ({slots})");
        unit.Add($"DELETE FROM slot_requests WHERE slot_id IN ({slots})");
        unit.Add($"DELETE FROM slot_keys WHERE slot_id IN ({slots})");
        unit.Add($"DELETE FROM key_exports WHERE slot_id IN ({slots})");
        unit.Add($"DELETE FROM slots WHERE owner_id = {id} AND organisation_id = {organisationId}");
        unit.Add($"DELETE FROM nodes WHERE id = {id} AND organisation_id = {organisationId} AND cluster_id IS NULL", 1, () => new RefusalException(Refusal.InCluster, node.Name));
        audit.Append(unit, Entry(node, actor, "node.remove"));
        await database.Write(unit, ct);
    }

    /// <summary>Makes these slots the ones an owner has; those it has no more are withdrawn and come back as they were.</summary>
    internal void OfferSlots(WriteUnit unit, string organisationId, string ownerId, IReadOnlyList<SlotKind> kinds)
    {
        unit.Add($"UPDATE slots SET withdrawn_at = {time.GetUtcNow()} WHERE owner_id = {ownerId} AND withdrawn_at IS NULL");
        foreach (var kind in kinds)
        {
            unit.Add(
                $"""
                INSERT INTO slots (id, organisation_id, owner_id, kind, names) VALUES ({Ids.New(time, random)}, {organisationId}, {ownerId}, {kind}, {"[]"})
                ON CONFLICT (owner_id, kind) DO UPDATE SET withdrawn_at = NULL
                """);
        }
    }

    private async Task EnsureZone(string organisationId, string? zone, CancellationToken ct)
    {
        if (zone is not null && await database.ReadOne<long>($"SELECT COUNT(*) FROM zones WHERE id = {zone} AND organisation_id = {organisationId}", ct) != 1)
        {
            throw new RefusalException(Refusal.NotFound, $"zone {zone}");
        }
    }

    private static Node Checked(SaveNode wanted, string id, string organisationId)
    {
        if (wanted.OtherNames.Count > MostNames)
        {
            throw new RefusalException(Refusal.TooManyNames, $"{wanted.OtherNames.Count} names, at most {MostNames} are kept for a node");
        }

        var location = wanted.Location ?? new LocationView();
        return new Node
        {
            Id = id,
            OrganisationId = organisationId,
            Name = NodeNames.Title(wanted.Name),
            Role = Enum.IsDefined(wanted.Role) ? wanted.Role : throw new RefusalException(Refusal.Malformed, $"role is one of {string.Join(", ", Enum.GetNames<NodeRole>())}"),
            Fqdn = NodeNames.Host(wanted.Fqdn),
            RemoteName = string.IsNullOrWhiteSpace(wanted.RemoteName) ? null : NodeNames.Host(wanted.RemoteName),
            OtherNames = string.Join(' ', wanted.OtherNames.Select(n => NodeNames.Alternative(n).ToString()).Distinct(StringComparer.OrdinalIgnoreCase)),
            Country = SlotFormCheck.Country(location.Country),
            State = SlotFormCheck.Text(location.State),
            Locality = SlotFormCheck.Text(location.Locality),
            Organization = SlotFormCheck.Text(location.Organization),
            OrganizationalUnit = SlotFormCheck.Text(location.OrganizationalUnit),
            Production = wanted.Production,
            ZoneId = string.IsNullOrEmpty(wanted.ZoneId) ? null : wanted.ZoneId,
        };
    }

    private static RefusalException Taken(string name) => new(Refusal.NameTaken, $"There is a node {name} already.");

    private static AuditEntry Entry(Node node, Actor actor, string action) => new(
        node.OrganisationId, actor, action, "node", node.Id, JsonSerializer.Serialize(new NodeFacts(node.Name, node.Role, node.Fqdn), NodesJson.Default.NodeFacts));
}

internal sealed record Named(string Name);
