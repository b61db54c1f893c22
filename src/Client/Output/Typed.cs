namespace Countersign.Client.Output;

/// <summary>A word of a command that is shown for typing: in quotes where a shell would take it apart.</summary>
internal static class Typed
{
    public static string Of(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "-_./:*@".Contains(c, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
