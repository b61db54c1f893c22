using Countersign.Contracts;

namespace Countersign.Server.Nodes;

/// <summary>Which side of its owner a slot's clients come from.</summary>
internal enum SlotSide
{
    Local,
    Remote,
    Both,
}

/// <summary>What is fixed about a kind of slot.</summary>
/// <param name="Ports">The first is the main one.</param>
/// <param name="MutualTls">Clients show certificates there too.</param>
internal sealed record SlotFacts(SlotKind Kind, SlotSide Side, IReadOnlyList<int> Ports, bool MutualTls);

/// <summary>The kinds of slots and where they appear (table B4 of the catalogue).</summary>
internal static class SlotKinds
{
    private const int Https = 443;
    private const int Websocket = 36008;
    private const int SipTls = 5061;
    private const int TurnTls = 5349;

    private static readonly Dictionary<SlotKind, SlotFacts> Facts = new[]
    {
        new SlotFacts(SlotKind.HqWeb, SlotSide.Local, [Https], false),
        new SlotFacts(SlotKind.ConferenceWeb, SlotSide.Local, [Https], false),
        new SlotFacts(SlotKind.EdgeAdmin, SlotSide.Local, [Https], false),
        new SlotFacts(SlotKind.PhoneRemote, SlotSide.Remote, [SipTls], true),
        new SlotFacts(SlotKind.ReverseProxy, SlotSide.Remote, [Https], false),
        new SlotFacts(SlotKind.Turn, SlotSide.Remote, [TurnTls], false),
        new SlotFacts(SlotKind.Local, SlotSide.Local, [Https], false),
        new SlotFacts(SlotKind.Remote, SlotSide.Remote, [Https], true),
        new SlotFacts(SlotKind.VirtualLocal, SlotSide.Local, [Https], false),
        new SlotFacts(SlotKind.VirtualRemote, SlotSide.Remote, [Https], true),
        new SlotFacts(SlotKind.WebServer, SlotSide.Both, [Https, Websocket], false),
        new SlotFacts(SlotKind.SipTls, SlotSide.Both, [SipTls], false),
    }.ToDictionary(f => f.Kind);

    /// <summary>What belongs to a cluster of mobility routers: one certificate on all its members.</summary>
    internal static IReadOnlyList<SlotKind> OfCluster { get; } = [SlotKind.VirtualLocal, SlotKind.VirtualRemote];

    internal static SlotFacts Of(SlotKind kind) => Facts[kind];

    /// <summary>The slots of a node. A router in a cluster has those of the cluster instead of its own.</summary>
    internal static IReadOnlyList<SlotKind> Of(NodeRole role, bool clustered) => role switch
    {
        NodeRole.Headquarters => [SlotKind.HqWeb],
        NodeRole.ServiceAppliance => [SlotKind.ConferenceWeb],
        NodeRole.EdgeGateway => [SlotKind.EdgeAdmin, SlotKind.PhoneRemote, SlotKind.ReverseProxy, SlotKind.Turn],
        NodeRole.MobilityRouter => clustered ? [] : [SlotKind.Local, SlotKind.Remote],
        NodeRole.ApplicationServer => [SlotKind.WebServer],
        NodeRole.BorderGateway => [SlotKind.WebServer, SlotKind.SipTls],
        NodeRole.Pbx => [SlotKind.SipTls],
        NodeRole.Other => [SlotKind.WebServer],
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };
}
