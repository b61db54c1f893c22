using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Countersign.Pki;

namespace Countersign.Architecture.Tests;

/// <summary>Text that a person reads comes from resource files.</summary>
public sealed partial class Texts
{
    private const string RefusalTexts = "src/Server/Resources/Refusals.resx";
    private const string PageTexts = "src/Server/Resources/Text.resx";

    private static readonly string[] BinaryKinds = [".png", ".jpg", ".ico", ".woff2", ".der", ".p12", ".pfx", ".gz", ".bin"];
    private static readonly string[] SpokenAttributes = ["title", "placeholder", "alt", "aria-label", "aria-description", "aria-roledescription", "label"];

    /// <summary>Proper names of the product and of formats, the same in every language; so are the boundaries of PEM.</summary>
    private static readonly string[] ProperNames = ["Countersign", "PKCS#12"];

    public static bool IsText(string file) => !BinaryKinds.Contains(Path.GetExtension(file));

    [Fact]
    public void Pages_contain_no_literal_text() => Rule.Holds(
        from text in RenderedText.Of(Meaning.ServerAssembly)
        from words in text.Attribute.Length > 0 ? Spoken(text) : Visible(text.Value)
        let rest = ProperNames.Aggregate(PemBoundary().Replace(WebUtility.HtmlDecode(words), ""), (s, name) => s.Replace(name, "", StringComparison.Ordinal))
        where Letters().IsMatch(rest)
        select $"{text.Page}: \"{rest.Trim()}\"",
        $"Move the words into {PageTexts} and write @L[\"key\"].");

    [Fact]
    public void Every_refusal_says_what_is_wrong_and_what_to_do_next()
    {
        var texts = Resource(RefusalTexts);
        Rule.Holds(Codes().SelectMany(c => new[] { c, c + ".next" }).Where(k => string.IsNullOrWhiteSpace(texts.GetValueOrDefault(k))), $"Add the text to {RefusalTexts}: the code's key says what is wrong, code.next what was kept and what to do.");
    }

    [Fact]
    public void No_refusal_text_is_left_over()
    {
        var known = Codes().ToHashSet();
        Rule.Holds(Resource(RefusalTexts).Keys.Where(k => !known.Contains(k.EndsWith(".next", StringComparison.Ordinal) ? k[..^5] : k)), "Remove the text, or add the code to src/Pki/Refusal.cs.");
    }

    [Fact]
    public void Refusal_codes_are_spelled_like_their_constants() => Rule.Holds(
        from field in typeof(Refusal).GetFields(BindingFlags.Public | BindingFlags.Static)
        let code = (string)field.GetRawConstantValue()!
        where !code.Replace("_", "", StringComparison.Ordinal).Equals(field.Name, StringComparison.OrdinalIgnoreCase) || !SnakeCase().IsMatch(code)
        select $"{field.Name} = {code}",
        "Spell both the same: KeyMismatch = key_mismatch.");

    [Fact]
    public void Every_rule_that_grants_has_a_text()
    {
        var texts = Resource(PageTexts);
        var rules = typeof(Pki.Signing.GrantRule).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).ToList();
        rules.Count.ShouldBeGreaterThan(10);
        Rule.Holds(rules.Where(r => string.IsNullOrWhiteSpace(texts.GetValueOrDefault($"Rule.{r}"))), $"Add Rule.… to {PageTexts}: who or what decides, in words.");
    }

    [Fact]
    public void Pages_use_only_texts_that_exist()
    {
        var texts = Resource(PageTexts);
        Rule.Holds(
            from file in SourceTree.Under("src/Server").Where(f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal))
            from line in SourceTree.Lines(file)
            from Match use in TextUse().Matches(line.Text)
            where !texts.ContainsKey(use.Groups["key"].Value)
            select $"{file}:{line.Number}: {use.Groups["key"].Value}",
            $"Add the key to {PageTexts}.");
    }

    private static IEnumerable<string> Codes() => typeof(Refusal).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!);

    private static Dictionary<string, string> Resource(string file) => !SourceTree.Files.Contains(file) ? [] : XDocument.Parse(SourceTree.Text(file)).Root!.Elements("data")
        .ToDictionary(d => (string)d.Attribute("name")!, d => (string?)d.Element("value") ?? "");

    private static IEnumerable<string> Visible(string markup)
    {
        foreach (Match attribute in SpokenMarkup().Matches(markup))
            yield return attribute.Groups["words"].Value;
        foreach (var text in Tags().Split(Unspoken().Replace(markup, "")))
            yield return text;
    }

    private static IEnumerable<string> Spoken(RenderedText text) => SpokenAttributes.Contains(text.Attribute, StringComparer.OrdinalIgnoreCase) ? [text.Value] : [];

    [GeneratedRegex(@"\p{L}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Letters();

    [GeneratedRegex("-----(BEGIN|END) [A-Z ]+-----", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PemBoundary();

    [GeneratedRegex("<[^>]*>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tags();

    [GeneratedRegex(@"<(?<tag>script|style|svg)\b.*?</\k<tag>>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unspoken();

    [GeneratedRegex("\\b(title|placeholder|alt|aria-label|aria-description|label)=\"(?<words>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SpokenMarkup();

    [GeneratedRegex("\\b((Text|L)\\[|Words\\.Of\\()\"(?<key>[^\"{…]+)\"[],)]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TextUse();

    [GeneratedRegex("^[a-z0-9]+(_[a-z0-9]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SnakeCase();
}
