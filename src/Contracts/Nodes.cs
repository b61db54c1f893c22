namespace Countersign.Contracts;

/// <summary>What a node is for; decides which slots it has.</summary>
public enum NodeRole
{
    /// <summary>The main server of the telephone system.</summary>
    Headquarters,

    /// <summary>Conferences and collaboration.</summary>
    ServiceAppliance,

    /// <summary>Edge gateway: remote phones, reverse proxy, TURN.</summary>
    EdgeGateway,

    /// <summary>Mobility router.</summary>
    MobilityRouter,

    /// <summary>Application server.</summary>
    ApplicationServer,

    /// <summary>Border gateway.</summary>
    BorderGateway,

    /// <summary>Telephone switch.</summary>
    Pbx,

    /// <summary>Anything else with a TLS listener.</summary>
    Other,
}

/// <summary>What a slot's certificate is for.</summary>
public enum SlotKind
{
    /// <summary>Headquarters, HTTPS.</summary>
    HqWeb,

    /// <summary>Service appliance, HTTPS.</summary>
    ConferenceWeb,

    /// <summary>Edge gateway, administration portal.</summary>
    EdgeAdmin,

    /// <summary>Edge gateway, remote phones.</summary>
    PhoneRemote,

    /// <summary>Edge gateway, remote HTTPS services.</summary>
    ReverseProxy,

    /// <summary>Edge gateway, TURN over TLS.</summary>
    Turn,

    /// <summary>Mobility router, LAN side.</summary>
    Local,

    /// <summary>Mobility router, remote side.</summary>
    Remote,

    /// <summary>Cluster of mobility routers, LAN side.</summary>
    VirtualLocal,

    /// <summary>Cluster of mobility routers, remote side.</summary>
    VirtualRemote,

    /// <summary>Web server and websocket (443 and 36008).</summary>
    WebServer,

    /// <summary>SIP over TLS.</summary>
    SipTls,
}

/// <summary>Where a subject's fields begin when a form is opened.</summary>
public sealed record LocationView
{
    /// <summary>C, two letters.</summary>
    public string? Country { get; init; }

    /// <summary>ST, the full name.</summary>
    public string? State { get; init; }

    /// <summary>L.</summary>
    public string? Locality { get; init; }

    /// <summary>O.</summary>
    public string? Organization { get; init; }

    /// <summary>OU.</summary>
    public string? OrganizationalUnit { get; init; }
}

/// <summary>Body of <c>POST /api/v1/nodes</c> and <c>PUT /api/v1/nodes/{id}</c>.</summary>
public sealed record SaveNode
{
    /// <summary>What people call it; unique.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for. A node keeps its role.</summary>
    public required NodeRole Role { get; init; }

    /// <summary>Fully qualified host name clients use inside.</summary>
    public required string Fqdn { get; init; }

    /// <summary>Name it is reached by from outside; absent means the same one.</summary>
    public string? RemoteName { get; init; }

    /// <summary>Further host names and addresses: <c>ip:192.0.2.10</c>, <c>dns:pbx.lan.example.test</c>.</summary>
    public IReadOnlyList<string> OtherNames { get; set; } = [];

    /// <summary>What forms for its certificates begin with; absent fields come from the organisation.</summary>
    public LocationView? Location { get; init; }

    /// <summary>False for a lab, where self-signed certificates are nothing to warn of.</summary>
    public bool Production { get; set; } = true;

    /// <summary>Zone it stands in.</summary>
    public string? ZoneId { get; init; }
}

/// <summary>A node in a list.</summary>
public sealed record NodeView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public required NodeRole Role { get; init; }

    /// <summary>Fully qualified host name.</summary>
    public required string Fqdn { get; init; }

    /// <summary>Name from outside, where it is another one.</summary>
    public string? RemoteName { get; init; }

    /// <summary>Further names and addresses.</summary>
    public IReadOnlyList<string> OtherNames { get; set; } = [];

    /// <summary>What forms begin with.</summary>
    public required LocationView Location { get; init; }

    /// <summary>False for a lab.</summary>
    public required bool Production { get; init; }

    /// <summary>Cluster it belongs to.</summary>
    public string? ClusterId { get; init; }

    /// <summary>First of its cluster.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>Zone it stands in.</summary>
    public string? ZoneId { get; init; }

    /// <summary>Its slots; those of its cluster are with the cluster.</summary>
    public IReadOnlyList<SlotView> Slots { get; set; } = [];
}

/// <summary>Body of <c>POST /api/v1/clusters</c>: two or more mobility routers that stand in for each other.</summary>
public sealed record SaveCluster
{
    /// <summary>What people call it; unique.</summary>
    public required string Name { get; init; }

    /// <summary>Host name of the virtual address on the local side.</summary>
    public required string LocalName { get; init; }

    /// <summary>Host name of the virtual address on the remote side.</summary>
    public string? RemoteName { get; init; }

    /// <summary>Identifiers of its nodes, the primary one first.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }
}

/// <summary>A cluster.</summary>
public sealed record ClusterView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Host name of the virtual address on the local side.</summary>
    public required string LocalName { get; init; }

    /// <summary>Host name of the virtual address on the remote side.</summary>
    public string? RemoteName { get; init; }

    /// <summary>Identifiers of its nodes, the primary one first.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>Its slots.</summary>
    public IReadOnlyList<SlotView> Slots { get; set; } = [];
}

/// <summary>Body of <c>POST /api/v1/zones</c>.</summary>
public sealed record SaveZone
{
    /// <summary>What people call it; unique.</summary>
    public required string Name { get; init; }

    /// <summary>Zone that stands in for it.</summary>
    public string? BackupZoneId { get; init; }
}

/// <summary>A zone: nodes that stand together.</summary>
public sealed record ZoneView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Zone that stands in for it.</summary>
    public string? BackupZoneId { get; init; }
}
