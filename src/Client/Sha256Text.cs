namespace Countersign.Client;

/// <summary>A SHA-256 as people copy it: hex with or without colons and spaces.</summary>
internal static class Sha256Text
{
    /// <summary>64 digits in lower case; null where it is none.</summary>
    public static string? Read(string text)
    {
        var hex = text.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        return hex.Length == 64 && hex.All(char.IsAsciiHexDigit) ? hex : null;
    }
}
