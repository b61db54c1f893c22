using Countersign.Contracts;

namespace Countersign.Server.Nodes;

/// <summary>A node as it is kept.</summary>
internal sealed record Node
{
    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required string Name { get; init; }

    public required NodeRole Role { get; init; }

    public required string Fqdn { get; init; }

    public string? RemoteName { get; init; }

    /// <summary>Space separated "dns:…" and "ip:…".</summary>
    public required string OtherNames { get; init; }

    public string? Country { get; init; }

    public string? State { get; init; }

    public string? Locality { get; init; }

    public string? Organization { get; init; }

    public string? OrganizationalUnit { get; init; }

    public bool Production { get; init; }

    public string? ClusterId { get; init; }

    public bool IsPrimary { get; init; }

    public string? ZoneId { get; init; }

    internal string NameKey => Name.ToLowerInvariant();

    internal IReadOnlyList<string> Others => OtherNames.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A cluster as it is kept.</summary>
internal sealed record Cluster
{
    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required string Name { get; init; }

    public required string LocalName { get; init; }

    public string? RemoteName { get; init; }
}

/// <summary>A zone as it is kept.</summary>
internal sealed record Zone(string Id, string Name, string? BackupZoneId);
