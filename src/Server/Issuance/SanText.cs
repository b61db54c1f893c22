using System.Text.Json;
using Countersign.Pki.X509;

namespace Countersign.Server.Issuance;

/// <summary>Alternative names as they are stored and shown: a JSON array of "dns:…", "ip:…", "email:…", "uri:…".</summary>
internal static class SanText
{
    public static string ToJson(IReadOnlyList<SanEntry> sans) => sans switch
    {
        [] => "[]",
        [SanEntry.Dns(var only)] when only.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-') => $"[\"dns:{only}\"]", // the usual case, without a serializer
        _ => JsonSerializer.Serialize(sans.Select(s => s.ToString())),
    };

    public static IReadOnlyList<string> Texts(string json) => JsonSerializer.Deserialize<string[]>(json) ?? [];

    public static IReadOnlyList<SanEntry> FromJson(string json) => [.. Texts(json).Select(SanEntry.Parse)];
}
