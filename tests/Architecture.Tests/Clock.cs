using Microsoft.CodeAnalysis;

namespace Countersign.Architecture.Tests;

/// <summary>Time, randomness and waiting come from outside; the banned list is real and nobody steps around it.</summary>
public sealed class Clock
{
    private static readonly string[] MustBeBanned =
    [
        "P:System.DateTime.Now", "P:System.DateTime.UtcNow", "P:System.DateTime.Today", "P:System.DateTimeOffset.Now", "P:System.DateTimeOffset.UtcNow",
        "M:System.Guid.NewGuid", "T:System.Random", "M:System.Threading.Thread.Sleep(System.Int32)", "P:System.Threading.Tasks.Task`1.Result",
    ];

    [Fact]
    public void The_banned_list_names_clocks_and_dice() => Rule.Holds(
        MustBeBanned.Where(b => !SourceTree.Text("BannedSymbols.txt").Contains(b + ";", StringComparison.Ordinal)), "Put it back into BannedSymbols.txt.");

    [Fact]
    public void Every_build_reads_the_banned_list()
    {
        var props = SourceTree.Text("Directory.Build.props");
        props.ShouldContain("BannedSymbols.txt");
        props.ShouldContain("Microsoft.CodeAnalysis.BannedApiAnalyzers");
    }

    [Fact]
    public void Nobody_silences_the_banned_list() => Rule.Holds(
        from file in SourceTree.Under("src")
        where Texts.IsText(file)
        from line in SourceTree.Lines(file)
        where line.Text.Contains("RS0030", StringComparison.Ordinal)
        select $"{file}:{line.Number}",
        "Take a TimeProvider or RandomNumberGenerator instead.");

    // A second look with our own eyes: the analyzer is only as good as its list.
    [Fact]
    public void Nothing_reads_the_clock_of_the_machine() => Rule.Holds(
        from project in SourceTree.Projects
        from m in Meaning.Mentions(project)
        where m.Symbol is IPropertySymbol { IsStatic: true, Name: "Now" or "UtcNow" or "Today" } && m.Type!.ToDisplayString() is "System.DateTime" or "System.DateTimeOffset"
        select $"{m.Where} reads {m.Symbol.ToDisplayString()}",
        "Take a TimeProvider.");
}
