using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Countersign.Pki;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Countersign.Architecture.Tests;

/// <summary>No words without a use, no use without words.</summary>
public sealed partial class TextUse
{
    private const string PageTexts = "src/Server/Resources/Text.resx";
    private const string Actions = "Action.";

    private static IEnumerable<string> ServerFiles => SourceTree.Under("src/Server").Where(f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal));

    [Fact]
    public void Every_text_is_used()
    {
        var literals = ServerFiles.SelectMany(f => Literal().Matches(SourceTree.Text(f))).Select(m => m.Groups["text"].Value).ToHashSet(StringComparer.Ordinal);
        var beginnings = ServerFiles.SelectMany(f => Beginning().Matches(SourceTree.Text(f))).Select(m => m.Groups["text"].Value).ToHashSet(StringComparer.Ordinal);
        Rule.Holds(
            Keys(PageTexts).Where(key => !key.StartsWith(Actions, StringComparison.Ordinal) && !literals.Contains(Singular().Replace(key, "")) && !beginnings.Any(b => key.StartsWith(b, StringComparison.Ordinal))),
            $"Remove it from {PageTexts}.");
    }

    [Fact]
    public void Every_action_in_the_audit_trail_has_words_and_no_other()
    {
        var known = Keys(PageTexts).Where(k => k.StartsWith(Actions, StringComparison.Ordinal)).Select(k => k[Actions.Length..]).ToHashSet(StringComparer.Ordinal);
        var literals = ServerFiles.SelectMany(f => Literal().Matches(SourceTree.Text(f))).Select(m => m.Groups["text"].Value).ToHashSet(StringComparer.Ordinal);
        var recorded = (
            from tree in SourceTree.Syntax.Where(t => t.Key.StartsWith("src/Server/", StringComparison.Ordinal))
            from made in tree.Value.GetRoot().DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
            where made.Type.ToString() == "AuditEntry" && made.ArgumentList is { Arguments.Count: > 2 }
            from literal in made.ArgumentList!.Arguments[2].DescendantTokens().Where(t => t.IsKind(SyntaxKind.StringLiteralToken))
            select literal.ValueText).ToHashSet(StringComparer.Ordinal);
        recorded.Count.ShouldBeGreaterThan(5);
        Rule.Holds(recorded.Where(a => !known.Contains(a)), $"Add {Actions}… to {PageTexts}.");
        Rule.Holds(known.Where(a => !literals.Contains(a)), $"Remove {Actions}… from {PageTexts}.");
    }

    [Fact]
    public void Every_refusal_is_thrown_somewhere()
    {
        var text = string.Concat(SourceTree.Under("src/Pki").Concat(SourceTree.Under("src/Server")).Where(f => Path.GetExtension(f) is ".cs" or ".razor").Select(SourceTree.Text));
        var used = RefusalUse().Matches(text).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        Rule.Holds(
            typeof(Refusal).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.Name).Where(name => !used.Contains(name)),
            "Remove the constant and its two texts, or throw it.");
    }

    [Fact]
    public void What_the_programs_print_comes_from_resources() => Rule.Holds(
        from tree in SourceTree.Syntax.Where(t => t.Key.StartsWith("src/Server/", StringComparison.Ordinal) || t.Key.StartsWith("src/Client/", StringComparison.Ordinal))
        from call in tree.Value.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "WriteLine" or "WriteLineAsync" }
        from token in call.ArgumentList.DescendantTokens()
        where token.IsKind(SyntaxKind.StringLiteralToken) && token.Parent?.FirstAncestorOrSelf<InvocationExpressionSyntax>() == call || token.IsKind(SyntaxKind.InterpolatedStringTextToken)
        where Words().IsMatch(token.ValueText)
        select $"{tree.Key}:{token.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {token.ValueText}",
        "Move the words into Resources/Text.resx: Words.Of(\"key\") in the server, Text.Of(\"key\") in the client.");

    private static IEnumerable<string> Keys(string file) => XDocument.Parse(SourceTree.Text(file)).Root!.Elements("data").Select(d => (string)d.Attribute("name")!);

    [GeneratedRegex("\"(?<text>[A-Za-z][A-Za-z0-9_.-]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Literal();

    [GeneratedRegex("\\$\"(?<text>[A-Z][A-Za-z]*\\.[A-Za-z.]*)\\{", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Beginning();

    [GeneratedRegex(@"\.(One|Many)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Singular();

    [GeneratedRegex(@"(?<!\[)Refusal\.(?<name>[A-Z][A-Za-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RefusalUse();

    [GeneratedRegex(@"(?<![/\p{L}])\p{L}{2,}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();
}
