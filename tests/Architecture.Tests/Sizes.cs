using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Countersign.Architecture.Tests;

/// <summary>The size budget: what fits on a few screens is understood and kept.</summary>
public sealed class Sizes
{
    private static readonly string[] Sources = [".cs", ".razor", ".js", ".css", ".sql"];

    [Fact]
    public void Files_are_short()
    {
        var sizes = Written("src").Select(f => (File: f, Lines: LineCount(f))).OrderBy(x => x.Lines).ToList();
        var p95 = sizes[(int)Math.Ceiling(sizes.Count * 0.95) - 1].Lines;
        Rule.Holds(p95 <= 250 ? [] : sizes.Where(x => x.Lines > 250).Select(x => $"{x.File}: {x.Lines} lines"), $"95 of 100 files have at most 250 lines (now {p95}): split the longest by what they do.");
    }

    [Fact]
    public void No_file_is_longer_than_500_lines() => Rule.Holds(
        Written("src").Concat(Written("tests")).Concat(Written("bench")).Concat(Written("fuzz")).Select(f => (File: f, Lines: LineCount(f))).Where(x => x.Lines > 500).Select(x => $"{x.File}: {x.Lines} lines"),
        "Split it by what it does.");

    [Fact]
    public void No_method_is_longer_than_70_lines() => Rule.Holds(
        from tree in SourceTree.Syntax
        from node in tree.Value.GetRoot().DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax or PropertyDeclarationSyntax
        let span = node.GetLocation().GetLineSpan()
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > 70
        select $"{tree.Key}:{span.StartLinePosition.Line + 1} {Name(node)}: {lines} lines",
        "Split it into steps with names.");

    // Positional records are data and may have as many fields as the thing they describe.
    [Fact]
    public void Constructors_take_at_most_7_things() => Rule.Holds(
        from tree in SourceTree.Syntax
        from node in tree.Value.GetRoot().DescendantNodes()
        let parameters = node switch
        {
            ConstructorDeclarationSyntax c => c.ParameterList,
            ClassDeclarationSyntax c => c.ParameterList,
            StructDeclarationSyntax s => s.ParameterList,
            _ => null,
        }
        where parameters?.Parameters.Count > 7
        select $"{tree.Key}:{SourceTree.Line(node)} {Name(node)}: {parameters!.Parameters.Count} parameters",
        "The type does too much: split it, or pass one record.");

    [Fact]
    public void Folders_are_at_most_two_deep_inside_a_project() => Rule.Holds(
        from file in SourceTree.Under("src").Concat(SourceTree.Under("tests")).Where(f => !f.Contains("/wwwroot/", StringComparison.Ordinal))
        where file.Split('/').Length - 3 > 2
        select file,
        "Flatten: project/feature/part/file is as deep as it goes.");

    [Fact]
    public void Program_is_a_table_of_contents() => LineCount("src/Server/Program.cs").ShouldBeLessThanOrEqualTo(80, "src/Server/Program.cs only adds and maps features: move the rest into them.");

    private static IEnumerable<string> Written(string folder) => SourceTree.Under(folder).Where(f => Sources.Contains(Path.GetExtension(f)) && !f.Contains("/wwwroot/lib/", StringComparison.Ordinal));

    private static int LineCount(string file) => SourceTree.Text(file).TrimEnd('\n').Split('\n').Length;

    private static string Name(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax m => m.Identifier.Text,
        ConstructorDeclarationSyntax c => c.Identifier.Text + " constructor",
        LocalFunctionStatementSyntax l => l.Identifier.Text,
        PropertyDeclarationSyntax p => p.Identifier.Text,
        BaseTypeDeclarationSyntax t => t.Identifier.Text,
        _ => node.GetType().Name,
    };
}
