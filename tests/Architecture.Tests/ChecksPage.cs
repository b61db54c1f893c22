using System.Text.RegularExpressions;
using System.Xml.Linq;
using Countersign.TlsChecks;

namespace Countersign.Architecture.Tests;

/// <summary>docs/checks.md lists exactly the TLS checks there are, with the words people get.</summary>
public sealed partial class ChecksPage
{
    private const string Words = "src/TlsChecks/Resources/Checks.resx";

    private sealed record Row(string Code, string Weight, string Says, string Meaning, string Remedy, string Citation);

    [Fact]
    public void Lists_the_checks_as_they_are_and_in_their_order() =>
        TableRow().Matches(SourceTree.Text("docs/checks.md"))
            .Select(m => new Row(m.Groups["code"].Value, m.Groups["weight"].Value, m.Groups["says"].Value, m.Groups["meaning"].Value, m.Groups["remedy"].Value, m.Groups["from"].Value))
            .ShouldBe(Checker.Checks.Select(c => new Row(c.Code, c.Severity.ToString(), Summary(c), c.Meaning, c.Remedy, c.Citation)));

    [Fact]
    public void Every_check_is_a_file_and_every_file_a_check() => Rule.Holds(
        SourceTree.Under("src/TlsChecks/Checks").Select(f => Path.GetFileNameWithoutExtension(f)).Where(name => !Checker.Checks.Any(c => c.GetType().Name == name)),
        "Add it to Checker.Checks, or remove it.");

    [Fact]
    public void No_words_are_left_over() => Rule.Holds(
        XDocument.Parse(SourceTree.Text(Words)).Root!.Elements("data").Select(d => ((string)d.Attribute("name")!).Replace(".remedy", "", StringComparison.Ordinal))
            .Where(code => Checker.Checks.All(c => c.Code != code)),
        $"Remove them from {Words}.");

    private static string Summary(TlsCheck check) => SummaryText().Match(SourceTree.Text($"src/TlsChecks/Checks/{check.GetType().Name}.cs")).Groups["text"].Value;

    [GeneratedRegex(@"^\| `(?<code>[a-z_0-9]+)` \| (?<weight>[^|]+) \| (?<says>[^|]+) \| (?<meaning>[^|]+) \| (?<remedy>[^|]+) \| (?<from>[^|]+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TableRow();

    [GeneratedRegex("/// <summary>(?<text>.*?)</summary>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SummaryText();
}
