using Countersign.Fuzz;

namespace Countersign.Pki.Tests;

/// <summary>A short run of fuzz/run with a fixed seed: thousands of changed files, each read or refused.</summary>
public sealed class FuzzTests
{
    public static TheoryData<string> Names() => [.. Parsers.All.Select(parser => parser.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Reads_or_refuses_whatever_it_is_fed(string parser)
    {
        var one = Parsers.All.Single(candidate => candidate.Name == parser);
        var report = new Fuzzer([one], seed: 20261121).Run(TimeSpan.FromMinutes(5), turns: 5);
        report.Findings.ShouldBeEmpty(string.Join('\n', report.Findings.Select(finding => finding.What)));
        report.Counts[0].Read.ShouldBePositive("the changes leave some files readable, so parsers are really entered");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Reads_or_refuses_every_file_of_the_corpus(string parser)
    {
        var one = Parsers.All.Single(candidate => candidate.Name == parser);
        one.Seeds.Select(seed => Fuzzer.Try(one, seed)).ShouldAllBe(what => what == null);
    }
}
