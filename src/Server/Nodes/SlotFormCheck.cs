using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.X509;

namespace Countersign.Server.Nodes;

/// <summary>Names of a certificate as they will be asked for.</summary>
/// <param name="Sans">The common name is among them.</param>
internal sealed record SlotSubject(DistinguishedName Subject, IReadOnlyList<SanEntry> Sans, IReadOnlyList<SlotFinding> Hints);

/// <summary>What was filled in, read once into what can be asked for.</summary>
internal static class SlotFormCheck
{
    private const int LongestCommonName = 64;   // RFC 5280 A.1, ub-common-name; ub-organization-name and ub-organizational-unit-name are the same
    private const int LongestPlace = 128;       // ub-state-name, ub-locality-name
    private const int MostNames = 100;

    /// <exception cref="RefusalException">cn_required, bad_cn, bad_country, bad_name, text_too_long, too_many_names</exception>
    internal static SlotSubject Read(SlotForm form)
    {
        var common = CommonName(form.CommonName);
        (string Oid, string? Value)[] fields =
        [
            (Oids.Country, Country(form.Country)), (Oids.State, Text(form.State)), (Oids.Locality, Text(form.Locality)), (Oids.Organization, Text(form.Organization, LongestCommonName)),
            (Oids.OrganizationalUnit, Text(form.OrganizationalUnit, LongestCommonName)), (Oids.CommonName, common.Text),
        ];
        IReadOnlyList<SanEntry> sans = [.. form.Sans.Select(NodeNames.Alternative).Prepend(common).DistinctBy(s => s.ToString(), StringComparer.OrdinalIgnoreCase)];
        return sans.Count <= MostNames
            ? new SlotSubject(DistinguishedName.Of(fields.Where(f => f.Value is not null).Select(f => new NameAttribute(f.Oid, f.Value!))), sans, [.. Hints(form)])
            : throw new RefusalException(Refusal.TooManyNames, $"{sans.Count} names, at most {MostNames} are possible");
    }

    /// <summary>Capital letters; null for nothing.</summary>
    /// <exception cref="RefusalException">bad_country</exception>
    internal static string? Country(string? text)
    {
        var country = text?.Trim().ToUpperInvariant();
        return string.IsNullOrEmpty(country) ? null : Countries.Has(country) ? country : throw new RefusalException(Refusal.BadCountry, $"'{text!.Trim()}'");
    }

    /// <exception cref="RefusalException">text_too_long</exception>
    internal static string? Text(string? text, int longest = LongestPlace) => text?.Trim() switch
    {
        null or "" => null,
        { } value when value.Length > longest => throw new RefusalException(Refusal.TextTooLong, $"'{value[..20]}…' has {value.Length} characters, {longest} are possible"),
        var value => value,
    };

    // CSR-20, CSR-21, SLT-28: a host name, an address, or a wildcard for one label in front
    private static SanEntry CommonName(string? text)
    {
        var name = text?.Trim();
        if (string.IsNullOrEmpty(name))
        {
            throw new RefusalException(Refusal.CnRequired, "the common name is the name clients use");
        }

        try
        {
            var entry = NodeNames.Alternative(name);
            return entry.Text.Length <= LongestCommonName ? entry : throw new RefusalException(Refusal.BadCn, $"'{name}' has {name.Length} characters, {LongestCommonName} are possible");
        }
        catch (RefusalException bad) when (bad.Code == Refusal.BadName)
        {
            throw new RefusalException(Refusal.BadCn, $"'{name}'", bad);
        }
    }

    // CSR-05, CSR-13, X-27: said, never a reason to stop
    private static IEnumerable<SlotFinding> Hints(SlotForm form)
    {
        foreach (var value in new[] { form.State, form.Locality }.Select(v => v?.Trim()).OfType<string>().Where(v => v.Length > 0 && v.All(c => !char.IsLetter(c) || char.IsUpper(c)) && v.Any(char.IsLetter)))
        {
            yield return value.Count(char.IsLetter) <= 3
                ? new SlotFinding { Code = "abbreviated_name", Severity = FindingSeverity.Notice, Detail = value }
                : new SlotFinding { Code = "name_in_capitals", Severity = FindingSeverity.Notice, Detail = value };
        }
    }
}
