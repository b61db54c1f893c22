using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Contracts;
using Countersign.Pki;

namespace Countersign.Server.Access;

/// <summary>The file "countersignd init --from" reads; docs/init.schema.json describes it.</summary>
internal sealed record InitAnswers
{
    public required InitOrganisation Organisation { get; init; }

    public required InitAdministrator Administrator { get; init; }

    /// <summary>Absent leaves the making of an authority to later.</summary>
    public InitAuthority? Authority { get; init; }

    public InitToken? Token { get; init; }

    /// <summary>Throws malformed.</summary>
    internal static InitAnswers Read(string file)
    {
        try
        {
            if (new FileInfo(file).Length > 1024 * 1024)
            {
                throw new RefusalException(Refusal.RequestTooLarge, $"{file} is larger than 1 MB.");
            }

            return JsonSerializer.Deserialize(File.ReadAllBytes(file), InitJson.Default.InitAnswers) ?? throw new JsonException("The file is empty.");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RefusalException(Refusal.Malformed, $"{file}: {fault.Message}", fault);
        }
    }
}

internal sealed record InitOrganisation
{
    public required string Name { get; init; }

    public string? Country { get; init; }

    public string? State { get; init; }

    public string? Locality { get; init; }

    public string? Organization { get; init; }

    public string? OrganizationalUnit { get; init; }

    public string? Email { get; init; }
}

internal sealed record InitAdministrator
{
    public required string Name { get; init; }

    public string? Email { get; init; }

    /// <summary>Absent: one is made and printed once.</summary>
    public string? Password { get; init; }

    /// <summary>Base32. Absent: one is made and printed once.</summary>
    public string? TotpSecret { get; init; }
}

internal sealed record InitAuthority
{
    public CreateAuthority? Create { get; init; }

    public ImportAuthority? Import { get; init; }
}

internal sealed record InitToken
{
    public string Name { get; init; } = "init";

    public string? Role { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public int? Days { get; init; }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    RespectNullableAnnotations = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(InitAnswers))]
internal sealed partial class InitJson : JsonSerializerContext;
