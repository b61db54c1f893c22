using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Countersign.Architecture.Tests;

/// <summary>A feature's tables are its own: a migration's number says whose they are, and others call its functions.</summary>
public sealed partial class Tables
{
    /// <summary>First number of a range and the folders below src/Server that own its tables.</summary>
    private static readonly (int From, string[] Owners)[] Ranges =
    [
        (1, ["Storage"]),
        (10, ["Access"]),
        (20, ["Authorities"]),
        (30, ["Requests", "Issuance", "Certificates", "Profiles"]),
        (40, ["Est", "Access"]),
        (50, ["Nodes"]),
        (60, ["Events"]),
    ];

    /// <summary>Tables of the foundation whose owner is not told by their number.</summary>
    private static readonly Dictionary<string, string[]> Foundation = new()
    {
        ["organisations"] = ["Organisations", "Access"],
        ["settings"] = ["Organisations"],
        ["instances"] = ["Storage", "Hosting"],
        ["audit"] = ["Audit"],
        ["audit_checkpoints"] = ["Audit"],
        ["audit_keys"] = ["Audit"],
    };

    private static readonly Dictionary<string, string> AboveOrganisations = new()
    {
        ["organisations"] = "the organisation itself",
        ["instances"] = "a server process serves all organisations",
        ["unknown_names"] = "a name nobody has belongs to nobody",
        ["audit_checkpoints"] = "signs the head of a server's chain, which runs through all organisations",
    };

    [Fact]
    public void Features_leave_each_others_tables_alone()
    {
        var owners = Owners();
        Rule.Holds(
            from tree in SourceTree.Syntax.Where(t => t.Key.StartsWith("src/Server/", StringComparison.Ordinal))
            let folder = tree.Key.Split('/')[2]
            from token in tree.Value.GetRoot().DescendantTokens()
            where token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.InterpolatedStringTextToken)
                || token.IsKind(SyntaxKind.SingleLineRawStringLiteralToken) || token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken)
            from Match use in TableUse().Matches(token.ValueText)
            let table = use.Groups["table"].Value.ToLowerInvariant()
            where owners.TryGetValue(table, out var who) && who.Length > 0 && !who.Contains(folder)
            select $"{tree.Key}:{token.GetLocation().GetLineSpan().StartLinePosition.Line + 1} uses table {table} of {string.Join('/', owners[table])}",
            "Call a public function of the feature that owns the table.");
    }

    [Fact]
    public void Every_row_belongs_to_an_organisation() => Rule.Holds(
        from file in SourceTree.Under("src/Server/Storage/Migrations")
        from Match table in CreateTable().Matches(SourceTree.Text(file))
        where !table.Groups["columns"].Value.Contains("organisation_id", StringComparison.Ordinal) && !AboveOrganisations.ContainsKey(table.Groups["name"].Value)
        select $"{file}: {table.Groups["name"].Value}",
        "Add organisation_id TEXT NOT NULL.");

    private static Dictionary<string, string[]> Owners() => (
        from file in SourceTree.Under("src/Server/Storage/Migrations")
        from Match table in CreateTable().Matches(SourceTree.Text(file))
        let number = int.Parse(Path.GetFileName(file)[..4], System.Globalization.CultureInfo.InvariantCulture)
        let name = table.Groups["name"].Value.ToLowerInvariant()
        select (name, Foundation.GetValueOrDefault(name) ?? Ranges.Last(r => r.From <= number).Owners))
        .GroupBy(t => t.name).ToDictionary(t => t.Key, t => t.First().Item2);

    [GeneratedRegex(@"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?<table>[a-z_]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TableUse();

    [GeneratedRegex(@"CREATE TABLE (?:IF NOT EXISTS )?(?<name>[a-z_]+)\s*\((?<columns>.*?)\n\)", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CreateTable();
}
