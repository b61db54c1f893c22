using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Pki.Signing;

/// <summary>The stored form of a profile: JSON, camelCase, enumerations by name, lifetimes as "365.00:00:00".</summary>
public static class ProfileJson
{
    // By reflection: generated readers set init-only members that the text leaves out to null instead of their defaults.
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Writes one profile.</summary>
    public static string Write(IssuingProfile profile) => JsonSerializer.Serialize(profile, Options);

    /// <summary>Reads one profile. Unknown members are refused, so that a misspelt rule does not silently fall away.</summary>
    /// <exception cref="RefusalException"><see cref="Refusal.Malformed"/> with the place of the mistake.</exception>
    public static IssuingProfile Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<IssuingProfile>(json, Options)
                ?? throw new RefusalException(Refusal.Malformed, "the profile is null");
        }
        catch (JsonException e)
        {
            throw new RefusalException(Refusal.Malformed, $"not a profile: {e.Message}", e);
        }
    }
}
