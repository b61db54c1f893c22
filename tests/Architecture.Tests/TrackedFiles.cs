using System.Text.RegularExpressions;

namespace Countersign.Architecture.Tests;

/// <summary>What is in the repository works on anybody's machine, and what the documents name is there.</summary>
public sealed partial class TrackedFiles
{
    private static readonly string[] CommandFiles = ["run", "test", ".ci/run"];
    private static readonly string[] NamedKinds = [".md", ".cs", ".csproj", ".razor", ".sql", ".resx", ".slnx", ".props", ".service", ".sh"];

    // Built from halves, so that this file passes its own rule.
    private static readonly string[] RegistryHosts = ["api.nu" + "get.org", "registry.np" + "mjs.org", "registry.ya" + "rnpkg.com"];

    [Fact]
    public void The_commands_of_the_readme_are_there_and_run() => Rule.Holds(
        CommandFiles.Where(f => !SourceTree.Files.Contains(f) || !File.GetUnixFileMode(Path.Combine(SourceTree.Root, f)).HasFlag(UnixFileMode.UserExecute)),
        "Add the file and chmod +x it.");

    [Fact]
    public void No_tracked_file_is_larger_than_a_mebibyte() => Rule.Holds(
        SourceTree.Files.Where(f => new FileInfo(Path.Combine(SourceTree.Root, f)).Length > 1 << 20),
        "Make it at build time or make it smaller.");

    [Fact]
    public void No_file_names_a_place_of_somebodys_machine() => Rule.Holds(
        from file in SourceTree.Files.Where(f => Texts.IsText(f) && f != "tests/Architecture.Tests/TrackedFiles.cs")
        from line in SourceTree.Lines(file)
        where MachinePath().IsMatch(line.Text)
        select $"{file}:{line.Number}: {line.Text.Trim()}",
        "Use a path from the root of the repository, an option, or mktemp.");

    [Fact]
    public void No_file_names_a_package_registry() => Rule.Holds(
        from file in SourceTree.Files.Where(Texts.IsText)
        from line in SourceTree.Lines(file)
        where RegistryHosts.Any(h => line.Text.Contains(h, StringComparison.OrdinalIgnoreCase))
        select $"{file}:{line.Number}",
        "Which registry is used is the machine's own setting (npm: omit-lockfile-registry-resolved=true in .npmrc).");

    [Fact]
    public void No_file_holds_a_private_key() => Rule.Holds(
        from file in SourceTree.Files.Where(f => Texts.IsText(f) && !f.StartsWith("tests/", StringComparison.Ordinal) && !f.StartsWith("fuzz/", StringComparison.Ordinal))
        from line in SourceTree.Lines(file)
        where line.Text.StartsWith("-----BEGIN", StringComparison.Ordinal) && line.Text.Contains("PRIVATE KEY", StringComparison.Ordinal)
        select $"{file}:{line.Number}",
        "Make keys when they are needed.");

    [Fact]
    public void Migrations_are_numbered_once()
    {
        var files = SourceTree.Under("src/Server/Storage/Migrations").Select(f => Path.GetFileName(f)).ToList();
        Rule.Holds(files.Where(f => !MigrationName().IsMatch(f)), "Name it NNNN_noun.sql.");
        Rule.Holds(files.GroupBy(f => f[..4]).Where(g => g.Count() > 1).Select(g => string.Join(", ", g)), "Take the next free number of your feature's range.");
    }

    [Fact]
    public void Documents_name_only_files_that_exist() => Rule.Holds(
        from file in SourceTree.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal))
        from line in SourceTree.Lines(file)
        from Match quoted in Quoted().Matches(line.Text)
        let name = quoted.Groups["name"].Value
        where LooksLikeAFile(name) && !Exists(name)
        select $"{file}:{line.Number}: {name}",
        "Correct the name, or remove the sentence.");

    [Fact]
    public void Links_between_documents_lead_somewhere() => Rule.Holds(
        from file in SourceTree.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal))
        from line in SourceTree.Lines(file)
        from Match link in Link().Matches(line.Text)
        let target = link.Groups["target"].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
        let path = Path.GetRelativePath(SourceTree.Root, Path.GetFullPath(Path.Combine(SourceTree.Root, Path.GetDirectoryName(file)!, target)))
        where !SourceTree.Files.Any(f => f == path || f.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal))
        select $"{file}:{line.Number}: {target}",
        "Correct the link.");

    // `src/...`, `docs/...` and so on by their first folder; a bare name by its extension.
    private static bool LooksLikeAFile(string name)
    {
        var folders = SourceTree.Files.Where(f => f.Contains('/', StringComparison.Ordinal)).Select(f => f.Split('/')[0]).Distinct();
        return name.Contains('/', StringComparison.Ordinal) ? folders.Contains(name.Split('/')[0]) || NamedKinds.Contains(Path.GetExtension(name)) : NamedKinds.Contains(Path.GetExtension(name)) && !name.StartsWith('.');
    }

    private static bool Exists(string name)
    {
        var path = name.TrimEnd('/');
        return SourceTree.Files.Any(f => f == path || f.EndsWith("/" + path, StringComparison.Ordinal)
            || f.StartsWith(path + "/", StringComparison.Ordinal) || f.Contains("/" + path + "/", StringComparison.Ordinal));
    }

    [GeneratedRegex("(^|[\\s\"'=(:`])/(work|root|home|Users|tmp)/[A-Za-z0-9]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MachinePath();

    [GeneratedRegex("^[0-9]{4}_[a-z0-9_]+\\.sql$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MigrationName();

    [GeneratedRegex("`(?<name>[A-Za-z0-9._/-]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
