using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Pki.Signing;

/// <summary>The stored form of a profile: JSON, camelCase, enumerations by name, lifetimes as "365.00:00:00".</summary>
public static class ProfileJson
{
    /// <summary>Writes one profile.</summary>
    public static string Write(IssuingProfile profile) => JsonSerializer.Serialize(profile, ProfileJsonContext.Default.IssuingProfile);

    /// <summary>Reads one profile. Unknown members are refused, so that a misspelt rule does not silently fall away.</summary>
    /// <exception cref="RefusalException"><see cref="Refusal.Malformed"/> with the place of the mistake.</exception>
    public static IssuingProfile Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ProfileJsonContext.Default.IssuingProfile)
                ?? throw new RefusalException(Refusal.Malformed, "the profile is null");
        }
        catch (JsonException e)
        {
            throw new RefusalException(Refusal.Malformed, $"not a profile: {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    IgnoreReadOnlyProperties = true,
    WriteIndented = false)]
[JsonSerializable(typeof(IssuingProfile))]
internal sealed partial class ProfileJsonContext : JsonSerializerContext;
