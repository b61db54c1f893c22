using System.CommandLine;

namespace Countersign.Client;

/// <summary>The command a mistyped word was meant to be: requests for request, aprove for approve, cert for certificate.</summary>
internal static class Suggestion
{
    private const int ShortestStart = 3;

    /// <summary>Null where nothing is near enough to be meant.</summary>
    public static Command? For(string word, Command among)
    {
        var near = among.Subcommands.Select(c => (Command: c, Steps: Steps(word, c.Name))).OrderBy(c => c.Steps).FirstOrDefault();
        return near.Command is not null && near.Steps <= Math.Max(1, near.Command.Name.Length / 3) ? near.Command
            : word.Length >= ShortestStart ? among.Subcommands.FirstOrDefault(c => c.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)) : null;
    }

    /// <summary>Letters to put in, take out or change until one word is the other (Levenshtein).</summary>
    private static int Steps(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            (var corner, row[0]) = (row[0], i);
            for (var j = 1; j <= to.Length; j++)
            {
                var same = char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1;
                (corner, row[j]) = (row[j], Math.Min(corner + same, Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[^1];
    }
}
