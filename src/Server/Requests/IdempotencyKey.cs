using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Countersign.Pki;

namespace Countersign.Server.Requests;

/// <summary>A caller's name for one call, and what the call said: the same call may come again, another one under its name may not.</summary>
internal sealed record IdempotencyKey(string Key, byte[] BodySha256)
{
    internal const string Header = "Idempotency-Key";
    private const int Longest = 500;

    /// <summary>Null without the header.</summary>
    internal static IdempotencyKey? Of<T>(string? header, T body, JsonTypeInfo<T> json) => header?.Trim() switch
    {
        null or "" => null,
        { Length: > Longest } long_ => throw new RefusalException(Refusal.TextTooLong, $"{Header} has {long_.Length} characters, {Longest} are kept"),
        var key => new IdempotencyKey(key, SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, json))),
    };

    internal RefusalException Reused(string earlier) => new(Refusal.IdempotencyKeyReused, $"the key {Key} came with another call before: {earlier}");
}
