using System.Text.Json.Serialization;
using Countersign.Pki;

namespace Countersign.Server.Est;

/// <summary>Lists of names and patterns as they are kept: one text, separated by spaces.</summary>
internal static class Allowance
{
    internal static IReadOnlyList<string> Read(string kept) => kept.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal static string Write(IReadOnlyList<string> names)
    {
        if (names.Count > 100 || names.Any(n => n.Length is 0 or > 255 || n.Any(c => c is <= ' ' or > '~')))
        {
            throw new RefusalException(Refusal.Malformed, "At most 100 names of at most 255 printable ASCII characters without spaces.");
        }

        return string.Join(' ', names);
    }
}

/// <summary>What the audit trail keeps about a code or an account.</summary>
internal sealed record EnrolmentFacts(string Profiles, string AllowedNames, bool Automatic);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EnrolmentFacts))]
internal sealed partial class EnrolmentJson : JsonSerializerContext;
