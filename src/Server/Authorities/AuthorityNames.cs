using System.Net;
using System.Net.NetworkInformation;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Hosting;
using Countersign.Server.Organisations;

namespace Countersign.Server.Authorities;

/// <summary>Subjects of authorities: what the form starts with, and names from what was filled in.</summary>
internal sealed class AuthorityNames(OrganisationBook organisations, BoundListeners listeners)
{
    private const string DefaultCountry = "US";   // CA-11
    private const int LongestCommonName = 64;     // RFC 5280 A.1, ub-common-name

    internal string BaseAddress => listeners.BaseAddress;

    internal async Task<NameInput> Defaults(string organisationId, CancellationToken ct) => Defaults(await organisations.Find(organisationId, ct));

    private NameInput Defaults(Organisation? organisation) => new()
    {
        Country = Text(organisation?.Country) ?? DefaultCountry,
        State = Text(organisation?.State),
        Locality = Text(organisation?.Locality),
        Organization = Text(organisation?.OrganizationName) ?? Text(organisation?.Name),
        OrganizationalUnit = Text(organisation?.OrganizationalUnit),
        CommonName = HostName() ?? CompanyName(organisation),
        Email = Text(organisation?.Email),
    };

    /// <summary>What was filled in, and the defaults where nothing was said. An empty text leaves a field out.</summary>
    internal async Task<NameInput> Complete(string organisationId, NameInput? given, CancellationToken ct) => Complete(await organisations.Find(organisationId, ct), given);

    /// <summary>The same for an organisation that is not written yet.</summary>
    internal NameInput Complete(Organisation? organisation, NameInput? given)
    {
        var defaults = Defaults(organisation);
        return given is null ? defaults : new NameInput
        {
            Country = given.Country ?? defaults.Country,
            State = given.State ?? defaults.State,
            Locality = given.Locality ?? defaults.Locality,
            Organization = given.Organization ?? defaults.Organization,
            OrganizationalUnit = given.OrganizationalUnit ?? defaults.OrganizationalUnit,
            CommonName = Text(given.CommonName) ?? defaults.CommonName,
            Email = given.Email ?? defaults.Email,
        };
    }

    /// <exception cref="RefusalException">bad_name</exception>
    internal static DistinguishedName Encode(NameInput name)
    {
        var country = Text(name.Country)?.ToUpperInvariant();
        if (country is not null && !Countries.Has(country))
        {
            throw new RefusalException(Refusal.BadName, Countries.Fault(name.Country!));
        }

        (string Oid, string? Value)[] fields =
        [
            (Oids.Country, country), (Oids.State, name.State), (Oids.Locality, name.Locality), (Oids.Organization, name.Organization),
            (Oids.OrganizationalUnit, name.OrganizationalUnit), (Oids.CommonName, name.CommonName), (Oids.EmailAddress, name.Email),
        ];
        return DistinguishedName.Of(fields.Where(f => Text(f.Value) is not null).Select(f => new NameAttribute(f.Oid, f.Value!.Trim())));
    }

    /// <summary>The same name with something added to the common name, which is cut where it would become too long.</summary>
    internal static DistinguishedName WithSuffix(DistinguishedName name, string suffix)
    {
        var last = name.Attributes.LastOrDefault(a => a.Oid == Oids.CommonName);
        var common = last?.Value ?? name.Organization ?? "CA";
        common = common.Length + suffix.Length > LongestCommonName ? common[..(LongestCommonName - suffix.Length)].TrimEnd() : common;
        return DistinguishedName.Of([.. name.Attributes.Where(a => a != last), new NameAttribute(Oids.CommonName, common + suffix)]);
    }

    internal static NameInput Read(DistinguishedName name) => new()
    {
        Country = name.Country,
        State = name.State,
        Locality = name.Locality,
        Organization = name.Organization,
        OrganizationalUnit = name.OrganizationalUnit,
        CommonName = name.CommonName,
        Email = name.Email,
    };

    /// <summary>"dns:example.test", "ip:192.0.2.0/24", "email:example.test" as name constraints; null for none.</summary>
    /// <exception cref="RefusalException">bad_name, too_many_names</exception>
    internal static NameConstraints? Constraints(IReadOnlyList<string>? permitted)
    {
        const int Most = 100;
        if (permitted is not { Count: > 0 })
        {
            return null;
        }

        return permitted.Count <= Most
            ? new NameConstraints { Permitted = [.. permitted.Select(Subtree)] }
            : throw new RefusalException(Refusal.TooManyNames, $"{permitted.Count} permitted names, at most {Most} are possible");
    }

    private static NameSubtree Subtree(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, value) = colon < 0 ? ("dns", text) : (text[..colon].ToLowerInvariant(), text[(colon + 1)..]);
        return kind is "dns" or "ip" or "email" or "uri" && value.Length is > 0 and < 256
            ? new NameSubtree(kind, value.Trim())
            : throw new RefusalException(Refusal.BadName, $"'{text}' is not a permitted name such as dns:example.test, ip:192.0.2.0/24 or email:example.test");
    }

    // CA-13: the domain name of this installation. The bare name of a machine or an address names no authority.
    private string? HostName()
    {
        var machine = IPGlobalProperties.GetIPGlobalProperties();
        string[] names = [new Uri(listeners.ConsoleAddress).Host, Dns.GetHostName(), $"{machine.HostName}.{machine.DomainName}"];
        return names.FirstOrDefault(n => Uri.CheckHostName(n) == UriHostNameType.Dns && n.Trim('.').Contains('.', StringComparison.Ordinal) && !n.EndsWith('.'));
    }

    private static string CompanyName(Organisation? organisation)
    {
        const string Suffix = " CA";
        var name = Text(organisation?.Name) ?? Text(organisation?.OrganizationName) ?? Dns.GetHostName();
        return name.Length + Suffix.Length > LongestCommonName ? name[..(LongestCommonName - Suffix.Length)].TrimEnd() + Suffix : name + Suffix;
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
