using Countersign.Server.Storage;

namespace Countersign.Server.Certificates;

/// <summary>The names certificates are found by: from their beginning ("sip.ex"), and by whole labels from their end ("example.test").</summary>
internal sealed class NameIndex(Database database)
{
    /// <summary>Names one search looks at, in each of the two ways.</summary>
    internal const int MostLookedAt = 5000;

    private const char AfterEveryCharacter = '\uffff';
    private static readonly char[] Separators = ['.', '@'];

    internal static void Add(WriteUnit unit, string name, string certificateId, string organisationId) => unit.AddRow(
        $"INSERT INTO certificate_names (name, certificate_id, organisation_id, reversed) VALUES ({name}, {certificateId}, {organisationId}, {FromBehind(name)})");

    /// <summary>"sip.example.test" as "test.example.sip.", "anna@example.test" as "test.example.anna.".</summary>
    internal static string FromBehind(string name) =>
        name.Split(Separators, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } labels ? string.Concat(Enumerable.Reverse(labels).Select(label => label + ".")) : ".";

    /// <summary>The certificates one of whose names begins or ends with the text, as far as they are looked at.</summary>
    internal static Sql Matching(string organisationId, string text)
    {
        var (name, reversed) = Ranges(text);
        return $"""
            SELECT certificate_id FROM (SELECT certificate_id FROM certificate_names n WHERE {name} AND n.organisation_id = {organisationId} ORDER BY n.name LIMIT {MostLookedAt}) AS beginning
            UNION ALL
            SELECT certificate_id FROM (SELECT certificate_id FROM certificate_names n WHERE {reversed} AND n.organisation_id = {organisationId} ORDER BY n.reversed LIMIT {MostLookedAt}) AS ending
            """;
    }

    /// <summary>Whether more names match than are looked at.</summary>
    internal async Task<bool> IsCut(string organisationId, string text, CancellationToken ct)
    {
        var (name, reversed) = Ranges(text);
        return await Count(name) > MostLookedAt || await Count(reversed) > MostLookedAt;

        Task<long> Count(Sql range) => database.ReadOne<long>(
            $"SELECT count(*) FROM (SELECT 1 AS one FROM certificate_names n WHERE {range} AND n.organisation_id = {organisationId} LIMIT {MostLookedAt + 1}) AS counted", ct);
    }

    private static (Sql Name, Sql Reversed) Ranges(string text)
    {
        var beginning = text.ToLowerInvariant();
        var ending = FromBehind(beginning.TrimStart('*'));
        return ($"n.name >= {beginning} AND n.name < {beginning + AfterEveryCharacter}", $"n.reversed >= {ending} AND n.reversed < {ending + AfterEveryCharacter}");
    }
}
