using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Client.Output;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Failure))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(BundleAnswer))]
[JsonSerializable(typeof(BundleListAnswer))]
[JsonSerializable(typeof(PartsAnswer))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(SignIn.SignInProfile))]
internal sealed partial class OutputJson : JsonSerializerContext;

/// <summary>What a verb without a record of the API answers with --json.</summary>
internal sealed record Answer
{
    public string? Server { get; init; }

    public string? Client { get; init; }

    public string? Organisation { get; init; }

    public string? Caller { get; init; }

    public string? File { get; init; }

    public string? Id { get; init; }

    public bool? Verified { get; init; }

    /// <summary>Whether the keys that signed a log were known from elsewhere; otherwise it was compared with itself only.</summary>
    public bool? KeyKnown { get; init; }

    public long? Records { get; init; }

    /// <summary>How many of them a signature covers.</summary>
    public long? Signed { get; init; }

    public string? Detail { get; init; }
}
