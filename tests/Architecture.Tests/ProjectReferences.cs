using System.Text.Json;
using System.Xml.Linq;

namespace Countersign.Architecture.Tests;

/// <summary>Who may lean on whom (docs/adr/0001).</summary>
public sealed class ProjectReferences
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Pki"] = [],
        ["TlsChecks"] = ["Pki"],
        ["Contracts"] = [],
        ["Server"] = ["Pki", "TlsChecks", "Contracts"],
        ["Edge"] = ["Contracts", "Pki", "TlsChecks"],
        ["Client"] = ["Contracts", "Pki", "TlsChecks"],
    };

    [Fact]
    public void Only_the_six_projects_of_the_design_live_below_src() => Rule.Holds(
        SourceTree.Projects.Where(p => !Allowed.ContainsKey(p)).Select(p => $"src/{p}"),
        "Put the code into a folder of an existing project, or write an ADR for the new project and add it here.");

    [Fact]
    public void Projects_lean_only_on_what_the_design_allows() => Rule.Holds(
        from project in SourceTree.Projects
        from reference in Meaning.References(project)
        where !Allowed.GetValueOrDefault(project, []).Contains(reference)
        select $"src/{project}/{project}.csproj -> {reference}",
        "Remove the reference: move the shared thing down into Pki or Contracts, or call it through the HTTP API.");

    [Fact]
    public void Package_versions_are_stated_once_for_the_whole_solution() => Rule.Holds(
        from file in SourceTree.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))
        from reference in XDocument.Parse(SourceTree.Text(file)).Descendants("PackageReference")
        where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
        select $"{file}: {(string?)reference.Attribute("Include")}",
        "State the version in Directory.Packages.props only.");

    [Fact]
    public void Every_package_has_its_line_of_reason()
    {
        var reasons = SourceTree.Text("docs/adr/0008-dependencies.md").Split([' ', ',', '|', '\n'], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var nuget = from file in SourceTree.Files
                    where Path.GetExtension(file) is ".csproj" or ".props" && Path.GetFileName(file) != "Directory.Packages.props"
                    from reference in XDocument.Parse(SourceTree.Text(file)).Descendants("PackageReference")
                    select (string)reference.Attribute("Include")!;
        var npm = from file in SourceTree.Files
                  where Path.GetFileName(file) == "package.json"
                  from dependency in JsonDocument.Parse(SourceTree.Text(file)).RootElement.GetProperty("dependencies").EnumerateObject()
                  select dependency.Name;
        Rule.Holds(nuget.Concat(npm).Where(p => !reasons.Contains(p)), "Add its line to docs/adr/0008-dependencies.md, or do without it.");
    }

    [Fact]
    public void Every_project_has_its_lock_file() => Rule.Holds(
        SourceTree.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).Select(f => Path.GetDirectoryName(f) + "/packages.lock.json").Where(f => !SourceTree.Files.Contains(f)),
        "Run dotnet restore and commit packages.lock.json.");

    [Fact]
    public void No_project_turns_warnings_off() => Rule.Holds(
        from file in SourceTree.Under("src").Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))
        from element in XDocument.Parse(SourceTree.Text(file)).Descendants()
        where element.Name.LocalName is "NoWarn" or "TreatWarningsAsErrors" or "WarningsNotAsErrors" or "Nullable"
        select $"{file}: <{element.Name.LocalName}>",
        "Fix the warning, or settle it for everyone with a reason in .editorconfig.");
}
