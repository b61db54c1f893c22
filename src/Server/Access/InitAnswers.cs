using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Hosting;
using Countersign.Server.Resources;

namespace Countersign.Server.Access;

/// <summary>The file "countersignd init --from" reads; docs/init.schema.json describes it.</summary>
internal sealed record InitAnswers
{
    private const int Largest = 1024 * 1024;

    public required InitOrganisation Organisation { get; init; }

    public required InitAdministrator Administrator { get; init; }

    /// <summary>Absent leaves the making of an authority to later.</summary>
    public InitAuthority? Authority { get; init; }

    public InitToken? Token { get; init; }

    /// <exception cref="RefusalException">malformed, request_too_large</exception>
    /// <exception cref="ValidationException">There is no such file.</exception>
    /// <exception cref="InvalidOperationException">Others than its owner can read it.</exception>
    internal static InitAnswers Read(string file)
    {
        if (!File.Exists(file))
        {
            throw new ValidationException(Words.Of("Init.NoAnswers", file));
        }

        using var content = PrivateFiles.OpenSecret(file);
        var bytes = new byte[Largest + 1];
        var length = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > Largest)
        {
            throw new RefusalException(Refusal.RequestTooLarge, $"{file} is larger than 1 MB.");
        }

        try
        {
            using var given = JsonDocument.Parse(bytes.AsMemory(0, length), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 });
            AnswersShape.Ensure(file, given.RootElement, typeof(InitAnswers));
            return given.RootElement.Deserialize(InitJson.Default.InitAnswers)!;
        }
        catch (JsonException fault)
        {
            throw new RefusalException(Refusal.Malformed, Words.Of("Init.NoJson", file, (fault.LineNumber ?? 0) + 1, (fault.BytePositionInLine ?? 0) + 1), fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
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
