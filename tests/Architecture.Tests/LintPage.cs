using System.Text.RegularExpressions;
using Countersign.Pki.Lint;

namespace Countersign.Architecture.Tests;

/// <summary>docs/lints.md lists exactly the rules there are.</summary>
public sealed partial class LintPage
{
    private const string Page = "docs/lints.md";

    private static readonly string[] KeyChecks = ["src/Pki/X509/KeyQuality.cs", "src/Pki/X509/RsaQuality.cs", "src/Pki/X509/EcPoint.cs"];

    private sealed record Row(string Rule, string Weight, string Says, string Citation);

    private static List<Row> Rows => [.. TableRow().Matches(SourceTree.Text(Page)).Select(m => new Row(m.Groups["rule"].Value, m.Groups["weight"].Value, m.Groups["says"].Value, m.Groups["from"].Value))];

    [Fact]
    public void Lists_the_rules_about_certificates_as_they_are_and_in_their_order() =>
        Rows.Take(Linter.Rules.Count).ShouldBe(Linter.Rules.Select(rule => new Row(rule.Name, rule.Severity.ToString(), Summary(rule), rule.Citation)));

    [Fact]
    public void Lists_the_checks_of_keys_and_requests()
    {
        var made = SourceTree.Under("src/Pki/Lint").Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && !f.StartsWith("src/Pki/Lint/Rules/", StringComparison.Ordinal))
            .Concat(KeyChecks).Concat(SourceTree.Under("src/Server").Where(f => f.EndsWith(".cs", StringComparison.Ordinal)))
            .SelectMany(f => Finding().Matches(SourceTree.Text(f))).Select(m => m.Groups["rule"].Value).ToHashSet(StringComparer.Ordinal);

        made.Count.ShouldBeGreaterThan(20);
        Rows.Skip(Linter.Rules.Count).Select(r => r.Rule).Order(StringComparer.Ordinal).ShouldBe(made.Order(StringComparer.Ordinal));
        Rows.ShouldAllBe(r => r.Says.Length > 10 && r.Citation.Length > 2);
    }

    private static string Summary(LintRule rule) =>
        Code().Replace(LineStart().Replace(SummaryText().Match(SourceTree.Text($"src/Pki/Lint/Rules/{rule.GetType().Name}.cs")).Groups["text"].Value, " ").Trim(), "`${code}`");

    [GeneratedRegex(@"^\| `(?<rule>[a-z_0-9]+)` \| (?<weight>[^|]+) \| (?<says>[^|]+) \| (?<from>[^|]+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TableRow();

    [GeneratedRegex("""(new( LintFinding)?\((Refusal\.[A-Za-z]+, )?|new KeyFlaw\(Refusal\.[A-Za-z]+, |Structure = |string Rule = )"(?<rule>[a-z]+(_[a-z]+)+|structure)"(,\s*("|LintSeverity|Profile|extension)|;)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Finding();

    [GeneratedRegex("/// <summary>(?<text>.*?)</summary>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SummaryText();

    [GeneratedRegex(@"\s*\n\s*/// ?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LineStart();

    [GeneratedRegex("<c>(?<code>.*?)</c>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
