using Countersign.Server.Storage;

namespace Countersign.Server.Organisations;

/// <summary>An organisation with the subject its certificates have unless somebody says otherwise.</summary>
internal sealed record Organisation
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Country { get; init; }

    public string? State { get; init; }

    public string? Locality { get; init; }

    /// <summary>O; the organisation's name where it is not said.</summary>
    public string? OrganizationName { get; init; }

    public string? OrganizationalUnit { get; init; }

    public string? Email { get; init; }
}

/// <summary>The organisations of this installation.</summary>
internal sealed class OrganisationBook(Database database)
{
    private static readonly Sql Columns = Sql.Raw("id, name, country, state, locality, organization AS organization_name, organizational_unit, email");

    /// <summary>Part of the transaction that makes its first administrator.</summary>
    internal static void Add(WriteUnit unit, Organisation o, DateTimeOffset now) => unit.Add(
        $"""
         INSERT INTO organisations (id, name, country, state, locality, organization, organizational_unit, email, settings, created_at)
         VALUES ({o.Id}, {o.Name}, {o.Country}, {o.State}, {o.Locality}, {o.OrganizationName}, {o.OrganizationalUnit}, {o.Email}, {"{}"}, {now})
         """);

    internal Task<Organisation?> Find(string id, CancellationToken ct) =>
        database.ReadOne<Organisation>($"SELECT {Columns} FROM organisations WHERE id = {id}", ct);

    /// <summary>The oldest: the one this server's own certificate comes from. Null before set-up.</summary>
    internal Task<Organisation?> First(CancellationToken ct) =>
        database.ReadOne<Organisation>($"SELECT {Columns} FROM organisations ORDER BY id LIMIT 1", ct);
}
