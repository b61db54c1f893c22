using System.Collections.Frozen;

namespace Countersign.Pki.X509;

/// <summary>Short names of attribute types, as RFC 4514 and OpenSSL write them.</summary>
internal static class AttributeNames
{
    private static readonly (string Name, string Oid)[] Known =
    [
        ("CN", Oids.CommonName), ("SN", Oids.Surname), ("serialNumber", Oids.SerialNumber), ("C", Oids.Country), ("L", Oids.Locality), ("ST", Oids.State),
        ("STREET", Oids.Street), ("O", Oids.Organization), ("OU", Oids.OrganizationalUnit), ("title", Oids.Title), ("postalCode", Oids.PostalCode),
        ("GN", Oids.GivenName), ("initials", Oids.Initials), ("dnQualifier", Oids.DnQualifier), ("pseudonym", Oids.Pseudonym),
        ("organizationIdentifier", Oids.OrganizationIdentifier), ("UID", Oids.UserId), ("DC", Oids.DomainComponent), ("emailAddress", Oids.EmailAddress),
        ("unstructuredName", Oids.UnstructuredName),
    ];

    private static readonly FrozenDictionary<string, string> ByOid = Known.ToFrozenDictionary(known => known.Oid, known => known.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> ByName = Known
        .Append(("E", Oids.EmailAddress)).Append(("EMAIL", Oids.EmailAddress)).Append(("S", Oids.State)).Append(("surname", Oids.Surname))
        .Append(("givenName", Oids.GivenName)).Append(("G", Oids.GivenName)).Append(("T", Oids.Title))
        .ToFrozenDictionary(known => known.Item1, known => known.Item2, StringComparer.OrdinalIgnoreCase);

    public static string ShortName(string oid) => ByOid.GetValueOrDefault(oid, oid);

    public static string? Oid(string name)
    {
        if (ByName.TryGetValue(name, out var oid))
        {
            return oid;
        }

        var dotted = name.StartsWith("OID.", StringComparison.OrdinalIgnoreCase) ? name[4..] : name;
        return dotted.Contains('.') && dotted.All(c => c == '.' || char.IsAsciiDigit(c)) ? dotted : null;
    }
}
