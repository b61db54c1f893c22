using System.CommandLine;

namespace Countersign.Client;

/// <summary>The command or option a mistyped word was meant to be: requests for request, aprove for approve, cert for certificate, --profle for --profile.</summary>
internal static class Suggestion
{
    private const int ShortestStart = 3;

    /// <summary>Null where nothing is near enough to be meant.</summary>
    public static T? For<T>(string word, IEnumerable<T> among) where T : Symbol
    {
        var near = among.Select(c => (Symbol: c, Steps: Steps(word, c.Name))).OrderBy(c => c.Steps).FirstOrDefault();
        if (near.Symbol is not null && near.Steps <= Math.Max(1, near.Symbol.Name.TrimStart('-').Length / 3))
        {
            return near.Symbol;
        }

        var start = word.TrimEnd('s'); // of a plural: certs
        return start.Length >= ShortestStart && !start.StartsWith('-') ? among.FirstOrDefault(c => c.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase)) : null;
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
