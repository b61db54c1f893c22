using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Countersign.Architecture.Tests;

/// <summary>The files of the working copy that are, or would be, tracked; C# is parsed once.</summary>
internal static class SourceTree
{
    private static readonly Lazy<IReadOnlyList<string>> LazyFiles = new(ListFiles);
    private static readonly Lazy<IReadOnlyDictionary<string, SyntaxTree>> LazySyntax = new(ParseAll);

    public static string Root { get; } = FindRoot();

    /// <summary>Paths from the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files => LazyFiles.Value;

    /// <summary>Every tracked C# file of src and tests, parsed, by path.</summary>
    public static IReadOnlyDictionary<string, SyntaxTree> Syntax => LazySyntax.Value;

    public static IEnumerable<string> Under(string folder) => Files.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal));

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static IEnumerable<(int Number, string Text)> Lines(string path) => Text(path).Split('\n').Select((line, i) => (i + 1, line));

    public static int Line(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    /// <summary>Names of the projects below src.</summary>
    public static IEnumerable<string> Projects => Under("src").Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).Select(f => f.Split('/')[1]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Countersign.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Countersign.slnx is not above the test's folder.");
    }

    private static List<string> ListFiles()
    {
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        git.ExitCode.ShouldBe(0, "git ls-files");
        return [.. output.Split('\0').Where(f => f.Length > 0 && File.Exists(Path.Combine(Root, f))).Distinct().Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, SyntaxTree> ParseAll()
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp14);
        return Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal))
            .AsParallel()
            .ToDictionary(f => f, f => CSharpSyntaxTree.ParseText(SourceText.From(Text(f)), options, f));
    }
}
