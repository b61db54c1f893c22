using System.Text.Json.Serialization;
using Countersign.Contracts;

namespace Countersign.Server.Nodes;

/// <summary>What an audit record says of a node.</summary>
internal sealed record NodeFacts(string Name, NodeRole Role, string Fqdn);

/// <summary>What an audit record says of a cluster or zone.</summary>
internal sealed record ClusterFacts(string Name, IReadOnlyList<string> Members);

/// <summary>What an audit record says of a slot.</summary>
internal sealed record SlotFactsWritten(string Owner, SlotKind Kind, string? Subject, string? Serial);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NodeFacts))]
[JsonSerializable(typeof(ClusterFacts))]
[JsonSerializable(typeof(SlotFactsWritten))]
[JsonSerializable(typeof(SlotForm))]
[JsonSerializable(typeof(IReadOnlyList<ServedName>))]
internal sealed partial class NodesJson : JsonSerializerContext;
