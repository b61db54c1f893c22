using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Countersign.Architecture.Tests;

/// <summary>Names say what a thing does in the words of the domain.</summary>
public sealed partial class Names
{
    private static readonly string[] EmptyFolders = ["Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utilities", "Common", "Misc", "Services", "Repositories", "Interfaces", "Dtos", "Handlers", "Models", "Core", "Shared"];

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utility|Utilities|Common|Service|Services|Repository|Dto|Mapper|Mediator)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EmptyName();

    [Fact]
    public void Folders_say_what_is_inside() => Rule.Holds(
        from file in SourceTree.Under("src").Concat(SourceTree.Under("tests"))
        from folder in file.Split('/').SkipLast(1)
        where EmptyFolders.Contains(folder)
        select Path.GetDirectoryName(file)!,
        "Name the folder after the feature or the wire format.");

    [Fact]
    public void Types_say_what_they_do() => Rule.Holds(
        from project in SourceTree.Projects
        from type in Meaning.Types(project)
        where EmptyName().IsMatch(type.Name)
        select $"{type.Locations[0].SourceTree!.FilePath}: {type.Name}",
        "Name the type after the domain noun or the act (Intake, Revocation, ExpiryWatch).");

    [Fact]
    public void Namespaces_are_the_folders() => Rule.Holds(
        from project in SourceTree.Projects
        from type in Meaning.Types(project)
        from place in type.DeclaringSyntaxReferences
        let folder = Path.GetDirectoryName(place.SyntaxTree.FilePath)!.Replace('\\', '/')["src/".Length..]
        let expected = "Countersign." + folder.Replace('/', '.')
        let actual = type.ContainingNamespace.ToDisplayString()
        where type.ContainingType is null && actual != expected && Path.GetFileName(place.SyntaxTree.FilePath) != "Program.cs"
        select $"{place.SyntaxTree.FilePath}: {actual}, expected {expected}",
        "Move the file or change its namespace.");

    [Fact]
    public void Nothing_is_left_for_later() => Rule.Holds(
        from file in SourceTree.Files.Where(Texts.IsText)
        from line in SourceTree.Lines(file)
        where UnfinishedMark().IsMatch(line.Text)
        select $"{file}:{line.Number}: {line.Text.Trim()}",
        "Do it now or open an issue; the sources carry no reminders.");

    // Spelled so that it does not find itself.
    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UnfinishedMark();
}
