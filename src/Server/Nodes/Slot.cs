using System.Text.Json;
using Countersign.Contracts;
using Countersign.Pki.Pem;
using Countersign.Pki.X509;

namespace Countersign.Server.Nodes;

/// <summary>A slot as it is kept.</summary>
internal sealed record Slot
{
    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required string OwnerId { get; init; }

    public required SlotKind Kind { get; init; }

    /// <summary>JSON of <see cref="ServedName"/>.</summary>
    public required string Names { get; init; }

    /// <summary>JSON of <see cref="SlotForm"/>.</summary>
    public string? Form { get; init; }

    public DateTimeOffset? LastGeneratedAt { get; init; }

    internal SlotFacts Facts => SlotKinds.Of(Kind);

    internal IReadOnlyList<ServedName> ServedNames => JsonSerializer.Deserialize(Names, NodesJson.Default.IReadOnlyListServedName)!;
}

/// <summary>The open request of a slot as it is kept.</summary>
internal sealed record SlotRequest
{
    public required string SlotId { get; init; }

    public required string OrganisationId { get; init; }

    /// <summary>Null where the key is on the appliance.</summary>
    public string? KeyId { get; init; }

    public required byte[] Csr { get; init; }

    public string? RequestId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }
}

/// <summary>A certificate in a slot as it is kept.</summary>
internal sealed record Installation
{
    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required string SlotId { get; init; }

    public required InstallationState State { get; init; }

    public required CertificateOrigin Origin { get; init; }

    /// <summary>Null where the key is on the appliance.</summary>
    public string? KeyId { get; init; }

    public string? CertificateId { get; init; }

    public required byte[] Leaf { get; init; }

    /// <summary>PEM, in the order a server sends them, without a root.</summary>
    public required string Chain { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public string? Failure { get; init; }

    internal Certificate Certificate => Certificate.Decode(Leaf);

    internal IReadOnlyList<Certificate> Issuers => [.. PemFile.Read(System.Text.Encoding.ASCII.GetBytes(Chain)).Select(block => Certificate.Decode(block.Der))];
}

/// <summary>Whose slot it is: a node, or a cluster with what its primary node says.</summary>
/// <param name="Names">What its clients call it, the main name first, with the service it is for where that is known.</param>
/// <param name="Extra">Names and addresses that are offered besides.</param>
internal sealed record SlotOwner(string Id, string Name, NodeRole Role, bool Production, LocationView Location, IReadOnlyList<string> Names, IReadOnlyList<string> Extra)
{
    internal static SlotOwner Of(Node node, SlotSide side)
    {
        var remote = node.RemoteName ?? node.Fqdn;
        IReadOnlyList<string> names = side switch
        {
            SlotSide.Local => [node.Fqdn],
            SlotSide.Remote => [remote],
            _ => [.. new[] { node.Fqdn, remote }.Distinct(StringComparer.Ordinal)],
        };
        return new SlotOwner(node.Id, node.Name, node.Role, node.Production, LocationOf(node), names, [.. new[] { "dns:" + node.Fqdn, "dns:" + remote }.Concat(node.Others)]);
    }

    internal static SlotOwner Of(Cluster cluster, IReadOnlyList<Node> members, SlotSide side)
    {
        var remote = cluster.RemoteName ?? cluster.LocalName;
        var extra = new[] { cluster.LocalName, remote }.Concat(members.Select(m => m.Fqdn)).Concat(members.Select(m => m.RemoteName).OfType<string>()).Select(name => "dns:" + name);
        return new SlotOwner(
            cluster.Id, cluster.Name, NodeRole.MobilityRouter, members.Any(m => m.Production), LocationOf(members[0]), [side == SlotSide.Remote ? remote : cluster.LocalName], [.. extra]);
    }

    private static LocationView LocationOf(Node node) => new()
    {
        Country = node.Country,
        State = node.State,
        Locality = node.Locality,
        Organization = node.Organization,
        OrganizationalUnit = node.OrganizationalUnit,
    };
}

/// <summary>A slot with its owner: what every act on a slot begins with.</summary>
internal sealed record OwnedSlot(Slot Slot, SlotOwner Owner)
{
    /// <summary>Every name its clients call it by, as "dns:…" or "ip:…"; the main one first.</summary>
    internal IReadOnlyList<ServedName> Expected =>
        [.. Owner.Names.Select(name => new ServedName { Name = "dns:" + name }).Concat(Slot.ServedNames).DistinctBy(n => n.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>What is offered as alternative names.</summary>
    internal IReadOnlyList<ServedName> Offered =>
        [.. Expected.Concat(Owner.Extra.Select(name => new ServedName { Name = name })).DistinctBy(n => n.Name, StringComparer.OrdinalIgnoreCase)];
}
