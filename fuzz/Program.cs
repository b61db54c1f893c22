using System.Globalization;
using Countersign.Fuzz;

var seconds = args.FirstOrDefault() is { } first && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 60;
var parsers = Option("--parser") is { } name ? [.. Parsers.All.Where(parser => parser.Name == name)] : Parsers.All;
if (parsers.Count == 0)
{
    Console.Error.WriteLine($"Parsers: {string.Join(", ", Parsers.All.Select(parser => parser.Name))}");
    return 2;
}

if (Option("--replay") is { } file)
{
    var input = await File.ReadAllBytesAsync(file);
    foreach (var parser in parsers)
    {
        Console.WriteLine($"{parser.Name}: {Fuzzer.Try(parser, input) ?? "read or refused"}");
    }

    return 0;
}

var seed = int.Parse(Option("--seed") ?? Environment.TickCount.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
Console.WriteLine($"seed {seed}, {seconds} seconds, {parsers.Count} parsers");
var report = new Fuzzer(parsers, seed).Run(TimeSpan.FromSeconds(seconds));
foreach (var (parser, tries, read) in report.Counts)
{
    Console.WriteLine($"{parser,-16} {tries,9} tries, {read,9} read, {tries - read,9} refused");
}

foreach (var finding in report.Findings)
{
    Console.WriteLine(await finding.Save("findings"));
}

Console.WriteLine($"{report.Findings.Count} findings");
return report.Findings.Count == 0 ? 0 : 1;

string? Option(string wanted)
{
    var at = Array.IndexOf(args, wanted);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
