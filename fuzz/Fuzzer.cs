using System.Diagnostics;
using System.Security.Cryptography;
using Countersign.Pki;

namespace Countersign.Fuzz;

/// <summary>An input that broke a parser.</summary>
/// <param name="Parser">Which one.</param>
/// <param name="Input">The bytes.</param>
/// <param name="What">The exception, or how long it took.</param>
internal sealed record Finding(string Parser, byte[] Input, string What)
{
    /// <summary>Writes the input and what happened beside it; gives a line for people.</summary>
    public async Task<string> Save(string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{Parser}-{Convert.ToHexStringLower(SHA256.HashData(Input))[..16]}");
        await File.WriteAllBytesAsync(file, Input);
        await File.WriteAllTextAsync(file + ".txt", What);
        return $"{file}: {What.Split('\n')[0]}";
    }
}

/// <summary>What a run did.</summary>
internal sealed record Report(IReadOnlyList<Finding> Findings, IReadOnlyList<(string Parser, long Tries, long Read)> Counts);

/// <summary>
/// Changes corpus files and feeds them to parsers. The n-th input of a parser depends on seed and n alone, so the same seed finds the same things, however fast the machine is.
/// </summary>
internal sealed class Fuzzer(IReadOnlyList<Parser> parsers, int seed)
{
    private const int MostFindings = 20;
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(2);
    private readonly List<Finding> _findings = [];
    private readonly HashSet<string> _known = [];

    /// <summary>Turns through all parsers until the time is up or so many turns are done.</summary>
    public Report Run(TimeSpan budget, int turns = int.MaxValue)
    {
        var clock = Stopwatch.StartNew();
        var tries = new long[parsers.Count];
        var read = new long[parsers.Count];
        var mutators = parsers.Select(parser => new Mutator(parser.Seeds)).ToList();
        for (var turn = 0; turn < turns && clock.Elapsed < budget && _findings.Count < MostFindings; turn++)
        {
            for (var i = 0; i < parsers.Count && clock.Elapsed < budget; i++)
            {
                var random = new Random(HashCodeOf(seed, turn, i));
                for (var n = 0; n < parsers[i].PerTurn; n++)
                {
                    var input = mutators[i].Next(random);
                    tries[i]++;
                    read[i] += Feed(parsers[i], input) ? 1 : 0;
                }
            }
        }

        return new Report(_findings, [.. parsers.Select((parser, i) => (parser.Name, tries[i], read[i]))]);
    }

    /// <summary>What went wrong with one input, or null.</summary>
    public static string? Try(Parser parser, byte[] input) => Try(parser, input, out _);

    // a fixed mixture: HashCode is different in every process
    private static int HashCodeOf(int seed, int turn, int parser) => unchecked((((seed * 31) + turn) * 31) + parser);

    private static string? Try(Parser parser, byte[] input, out bool read)
    {
        read = false;
        var clock = Stopwatch.StartNew();
        try
        {
            parser.Parse(input);
            read = true;
        }
        catch (RefusalException)
        {
            // what parsers are meant to do
        }
        catch (Exception e)
        {
            return e.ToString();
        }

        return clock.Elapsed > TooLong ? $"{clock.Elapsed.TotalSeconds:F1} seconds" : null;
    }

    private bool Feed(Parser parser, byte[] input)
    {
        using var watchdog = new Timer(_ => Hang(parser, input), null, 10 * TooLong, Timeout.InfiniteTimeSpan);
        var what = Try(parser, input, out var read);
        // the machine may have been busy: what is slow is slow twice
        if (what is not null && (what.Contains("Exception", StringComparison.Ordinal) || Try(parser, input) is not null) && _known.Add(Key(parser, what)))
        {
            _findings.Add(new Finding(parser.Name, input, what));
        }

        return read;
    }

    // the same place in the code is one finding
    private static string Key(Parser parser, string what) => parser.Name + string.Concat(what.Split('\n').Where(line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal)).Take(4));

    private static void Hang(Parser parser, byte[] input)
    {
        Console.WriteLine(new Finding(parser.Name, input, "does not end").Save("findings").GetAwaiter().GetResult());
        Environment.Exit(1);
    }
}
