using System.Net;
using Countersign.Pki.Lint;
using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>Why a profile does not grant a name.</summary>
internal sealed record NameObjection(string Rule, string Detail);

/// <summary>Holds alternative names against the rules of a profile.</summary>
internal static class NamePolicy
{
    /// <summary>Null when the rules allow the name.</summary>
    public static NameObjection? Check(NameRules rules, SanEntry name)
    {
        if (!rules.SanKinds.Contains(name.Kind))
        {
            return new(GrantRule.SanKinds, $"{name.Text}: names of kind {name.Kind} are not granted here");
        }

        return name switch
        {
            SanEntry.Dns dns => CheckDns(rules, dns.Name),
            SanEntry.Ip ip when rules.IpRanges.Count > 0 && !rules.IpRanges.Any(range => Contains(range, ip.Address)) =>
                new(GrantRule.IpRanges, $"{ip.Address} is outside {string.Join(", ", rules.IpRanges)}"),
            SanEntry.Email email when rules.EmailDomains.Count > 0 && !rules.EmailDomains.Any(domain => IsMailIn(email.Address, domain)) =>
                new(GrantRule.EmailDomains, $"{email.Address} is outside {string.Join(", ", rules.EmailDomains)}"),
            SanEntry.Uri uri => CheckUri(rules, uri.Value),
            _ => null,
        };
    }

    private static NameObjection? CheckDns(NameRules rules, string name)
    {
        if (name.Contains('*') && !rules.WildcardAllowed)
        {
            return new(GrantRule.Wildcard, $"{name}: wildcard names are not granted here");
        }

        if (rules.DnsSuffixes.Count == 0)
        {
            return null;
        }

        // *.example.test covers names below example.test only, so it is inside exactly when example.test is
        var bare = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
        return rules.DnsSuffixes.Any(suffix => NameSyntax.IsWithin(bare, suffix))
            ? null
            : new(GrantRule.DnsSuffixes, $"{name} is outside {string.Join(", ", rules.DnsSuffixes)}");
    }

    // a URI names a host too: what bounds DNS names bounds it, or sip: would be a way around
    private static NameObjection? CheckUri(NameRules rules, string uri)
    {
        int colon = uri.IndexOf(':', StringComparison.Ordinal);
        string scheme = colon < 0 ? "" : uri[..colon];
        if (!rules.UriSchemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))
        {
            return new(GrantRule.UriSchemes, $"{uri}: only {string.Join(", ", rules.UriSchemes)} addresses are granted here");
        }

        if (rules.DnsSuffixes.Count == 0)
        {
            return null;
        }

        string? host = NameSyntax.UriHost(uri);
        return host is not null && rules.DnsSuffixes.Any(suffix => NameSyntax.IsWithin(host, suffix))
            ? null
            : new(GrantRule.DnsSuffixes, $"{uri} is outside {string.Join(", ", rules.DnsSuffixes)}");
    }

    private static bool IsMailIn(string address, string domain) =>
        address.AsSpan(address.LastIndexOf('@') + 1).Equals(domain.TrimStart('@'), StringComparison.OrdinalIgnoreCase);

    private static bool Contains(string range, IPAddress address) =>
        IPNetwork.TryParse(range, out var network)
            ? network.Contains(address)
            : IPAddress.TryParse(range, out var single) && single.Equals(address);
}
