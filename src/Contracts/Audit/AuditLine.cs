using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Contracts.Audit;

/// <summary>
/// One line of an exported audit log: a record, or the digest of a record of another organisation, each with its hash; or a checkpoint.
/// The checkpoints of a chain come before its records.
/// </summary>
public sealed record AuditLine
{
    /// <summary>A record.</summary>
    public AuditRecord? Record { get; init; }

    /// <summary>A link of the chain whose record is not this organisation's to read.</summary>
    public AuditLink? Other { get; init; }

    /// <summary>Hash of the record or link, lower-case hexadecimal.</summary>
    public string? Hash { get; init; }

    /// <summary>A signed checkpoint.</summary>
    public AuditCheckpoint? Checkpoint { get; init; }

    /// <summary>One JSON object without line breaks, UTF-8.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, AuditLineJson.Default.AuditLine);

    /// <exception cref="JsonException">It is not such a line, or has members that are not known.</exception>
    public static AuditLine Read(string line) => JsonSerializer.Deserialize(line, AuditLineJson.Default.AuditLine) ?? throw new JsonException("null");
}

/// <summary>A place in a chain and the digest of the record there.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Seq">The place.</param>
/// <param name="Digest">SHA-256 of the record's canonical form, lower-case hexadecimal.</param>
public sealed record AuditLink(string Chain, long Seq, string Digest);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = false,
    AllowDuplicateProperties = false,
    MaxDepth = 4)]
[JsonSerializable(typeof(AuditLine))]
internal sealed partial class AuditLineJson : JsonSerializerContext;
