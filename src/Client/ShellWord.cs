namespace Countersign.Client;

/// <summary>Words of a command that is shown to be typed.</summary>
internal static class ShellWord
{
    /// <summary>As it stands where a shell leaves it alone, else in quotes.</summary>
    public static string Of(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '+' or '~')
        ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
