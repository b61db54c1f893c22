using System.Text.Json;
using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Audit;
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

/// <summary>An organisation about to be written, and the transaction that writes it with all it begins with.</summary>
internal sealed record NewOrganisation(WriteUnit Unit, Organisation Organisation);

/// <summary>The organisations of this installation.</summary>
internal sealed class OrganisationBook(Database database, AuditTrail audit)
{
    private const int LongestName = 64;
    private const int LongestPart = 128;

    private static readonly Sql Columns = Sql.Raw("id, name, country, state, locality, organization AS organization_name, organizational_unit, email");

    /// <summary>Part of the transaction that makes its first administrator.</summary>
    internal static void Add(WriteUnit unit, Organisation o, DateTimeOffset now) => unit.Add(
        $"""
         INSERT INTO organisations (id, name, country, state, locality, organization, organizational_unit, email, settings, created_at)
         VALUES ({o.Id}, {o.Name}, {o.Country}, {o.State}, {o.Locality}, {o.OrganizationName}, {o.OrganizationalUnit}, {o.Email}, {"{}"}, {now})
         """);

    /// <exception cref="RefusalException">malformed</exception>
    internal static void Ensure(Organisation o)
    {
        if (o.Name.Length is 0 or > LongestName)
        {
            throw new RefusalException(Refusal.Malformed, "The organisation's name has 1 to 64 characters.");
        }

        if (o.Country is { } country && !Countries.Has(country))
        {
            throw new RefusalException(Refusal.Malformed, Countries.Fault(country));
        }

        if (new[] { o.State, o.Locality, o.OrganizationName, o.OrganizationalUnit, o.Email }.Any(part => part?.Length > LongestPart))
        {
            throw new RefusalException(Refusal.Malformed, "A part of the subject is longer than 128 characters.");
        }
    }

    /// <summary>Changes name and default subject; what was issued before stays as it is. Throws malformed, not_found.</summary>
    internal async Task Change(Actor actor, Organisation changed, CancellationToken ct)
    {
        Ensure(changed);
        var before = await Find(changed.Id, ct) ?? throw new RefusalException(Refusal.NotFound, "There is no such organisation.");
        if (before == changed)
        {
            return;
        }

        var unit = new WriteUnit();
        unit.Add(
            $"""
             UPDATE organisations SET name = {changed.Name}, country = {changed.Country}, state = {changed.State}, locality = {changed.Locality},
               organization = {changed.OrganizationName}, organizational_unit = {changed.OrganizationalUnit}, email = {changed.Email}
             WHERE id = {changed.Id}
             """,
            1,
            () => new RefusalException(Refusal.NotFound, "There is no such organisation."));
        audit.Append(unit, new AuditEntry(changed.Id, actor, "organisation.change", "organisation", changed.Id, JsonSerializer.Serialize(new { before = Facts(before), after = Facts(changed) })));
        await database.Write(unit, ct);
    }

    private static object Facts(Organisation o) => new
    {
        name = o.Name, country = o.Country, state = o.State, locality = o.Locality, organization = o.OrganizationName, organizationalUnit = o.OrganizationalUnit, email = o.Email,
    };

    internal Task<Organisation?> Find(string id, CancellationToken ct) =>
        database.ReadOne<Organisation>($"SELECT {Columns} FROM organisations WHERE id = {id}", ct);

    /// <summary>What stands in the organisation's own subject, attribute by attribute; e-mail and common name are no part of it.</summary>
    internal async Task<IReadOnlyList<NameAttribute>> OwnSubject(string id, CancellationToken ct)
    {
        if (await Find(id, ct) is not { } o)
            return [];
        (string Oid, string? Value)[] parts =
        [
            (Oids.Country, o.Country), (Oids.State, o.State), (Oids.Locality, o.Locality), (Oids.Organization, o.OrganizationName ?? o.Name), (Oids.OrganizationalUnit, o.OrganizationalUnit),
        ];
        return [.. parts.Where(p => p.Value is { Length: > 0 }).Select(p => new NameAttribute(p.Oid, p.Value!))];
    }

    /// <summary>The oldest: the one this server's own certificate comes from. Null before set-up.</summary>
    internal Task<Organisation?> First(CancellationToken ct) =>
        database.ReadOne<Organisation>($"SELECT {Columns} FROM organisations ORDER BY id LIMIT 1", ct);
}
