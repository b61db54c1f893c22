using System.Collections.Concurrent;
using System.Reflection;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Countersign.Architecture.Tests;

/// <summary>A place in the sources that names something, and what it names.</summary>
internal sealed record Mention(string File, int Line, ISymbol Symbol)
{
    /// <summary>The type that is named, or the type whose member is named.</summary>
    public ITypeSymbol? Type => Symbol as ITypeSymbol ?? Symbol.ContainingType;

    /// <summary>What an expression of this name evaluates to.</summary>
    public ITypeSymbol? Value => Symbol switch
    {
        IPropertySymbol p => p.Type,
        IFieldSymbol f => f.Type,
        ILocalSymbol l => l.Type,
        IParameterSymbol p => p.Type,
        IMethodSymbol m => m.ReturnType,
        _ => null,
    };

    public string Namespace => Type?.ContainingNamespace?.ToDisplayString() ?? "";

    public string Where => $"{File}:{Line}";
}

/// <summary>The projects below src as the compiler understands them, so that rules speak of types and not of spellings.</summary>
internal static class Meaning
{
    private static readonly ConcurrentDictionary<string, Lazy<CSharpCompilation>> Compilations = new();
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<Mention>>> AllMentions = new();
    private static readonly Lazy<IReadOnlyList<MetadataReference>> Platform = new(PlatformReferences);

    private static readonly string[] BasicUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] WebUsings =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    /// <summary>The built server, where the compiled pages are.</summary>
    public static Assembly ServerAssembly { get; } = Assembly.Load("countersignd");

    public static CSharpCompilation Of(string project) => Compilations.GetOrAdd(project, p => new(() => Compile(p))).Value;

    /// <summary>Every name used in the project's own C# and what it stands for.</summary>
    public static IReadOnlyList<Mention> Mentions(string project) => AllMentions.GetOrAdd(project, p => new(() => Walk(Of(p)))).Value;

    /// <summary>All types the sources of a project declare, nested ones included.</summary>
    public static IEnumerable<INamedTypeSymbol> Types(string project) => Inside(Of(project).Assembly.GlobalNamespace);

    public static XDocument ProjectFile(string project) => XDocument.Parse(SourceTree.Text($"src/{project}/{project}.csproj"));

    public static IEnumerable<string> References(string project) => ProjectFile(project).Descendants("ProjectReference")
        .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));

    private static IEnumerable<INamedTypeSymbol> Inside(INamespaceOrTypeSymbol parent) => parent.GetMembers().SelectMany(m => m switch
    {
        INamespaceSymbol n => Inside(n),
        INamedTypeSymbol t => Inside(t).Prepend(t),
        _ => [],
    });

    private static CSharpCompilation Compile(string project)
    {
        var trees = SourceTree.Under($"src/{project}").Where(SourceTree.Syntax.ContainsKey).Select(f => SourceTree.Syntax[f]).ToList();
        var file = ProjectFile(project);
        var web = ((string?)file.Root!.Attribute("Sdk"))?.EndsWith(".Web", StringComparison.Ordinal) == true;
        var usings = BasicUsings.Concat(web ? WebUsings : []).Concat(file.Descendants("Using").Select(u => (string)u.Attribute("Include")!));
        trees.Add(CSharpSyntaxTree.ParseText(string.Concat(usings.Select(u => $"global using {u};\n")), new CSharpParseOptions(LanguageVersion.CSharp14)));
        var ours = References(project).Select(r => (MetadataReference)Of(r).ToMetadataReference());
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        return CSharpCompilation.Create(project, trees, Platform.Value.Concat(ours), options);
    }

    private static List<MetadataReference> PlatformReferences() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(f => !Path.GetFileName(f).StartsWith("countersign", StringComparison.OrdinalIgnoreCase))
            .Select(f => MetadataReference.CreateFromFile(f)),
    ];

    private static List<Mention> Walk(CSharpCompilation compilation) => [.. compilation.SyntaxTrees.Where(t => t.FilePath.Length > 0).AsParallel().SelectMany(tree =>
    {
        var model = compilation.GetSemanticModel(tree);
        return tree.GetRoot().DescendantNodes(n => n is not UsingDirectiveSyntax and not BaseNamespaceDeclarationSyntax { Parent: null })
            .OfType<SimpleNameSyntax>()
            .Where(n => n.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null)
            .Select(n => (Node: n, Info: model.GetSymbolInfo(n)))
            .Select(x => (x.Node, Symbol: x.Info.Symbol ?? x.Info.CandidateSymbols.FirstOrDefault()))
            .Where(x => x.Symbol is not null and not INamespaceSymbol)
            .Select(x => new Mention(tree.FilePath, SourceTree.Line(x.Node), x.Symbol!))
            .ToList();
    })];
}
