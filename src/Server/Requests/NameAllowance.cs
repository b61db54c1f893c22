using System.Net;
using Countersign.Pki.X509;
using Countersign.Server.Issuance;

namespace Countersign.Server.Requests;

/// <summary>
/// The names a requester may ask for: "*.example.test" (one label in front), ".example.test" (any depth), "sip.example.test", "10.0.0.0/8",
/// "user@example.test", "@example.test", "sip:*@example.test". <see cref="Unrestricted"/> is for officers, who answer for what they ask.
/// </summary>
internal sealed record NameAllowance(IReadOnlyList<string> Patterns)
{
    public static readonly NameAllowance Unrestricted = new(["*"]);
    public static readonly NameAllowance Nothing = new([]);

    private bool Everything => Patterns.Contains("*", StringComparer.Ordinal);

    /// <summary>The alternative names, and the common name where it looks like a host name, that no pattern covers.</summary>
    public IReadOnlyList<string> Outside(DistinguishedName subject, IReadOnlyList<SanEntry> sans)
    {
        if (Everything)
            return [];
        var outside = new List<string>();
        foreach (var san in sans)
            if (!Covers(san))
                outside.Add(san.ToString());
        if (subject.CommonName is { } cn && sans.All(s => !string.Equals(s.Text, cn, StringComparison.OrdinalIgnoreCase)) && cn.Contains('.') && !cn.Contains(' ')
            && SanEntry.Parse(cn) is var asName && !Covers(asName))
            outside.Add(asName.ToString());
        return outside;
    }

    private bool Covers(SanEntry san) => Patterns.Any(pattern => san switch
    {
        SanEntry.Dns(var name) => CoversDns(pattern, name),
        SanEntry.Ip(var address) => IPNetwork.TryParse(pattern, out var network) ? network.Contains(address) : IPAddress.TryParse(pattern, out var one) && one.Equals(address),
        SanEntry.Email(var address) => pattern.StartsWith('@') ? address.EndsWith(pattern, StringComparison.OrdinalIgnoreCase) : Same(pattern, address),
        SanEntry.Uri(var uri) => pattern.IndexOf('*', StringComparison.Ordinal) is > 0 and var star
            ? uri.Length >= pattern.Length - 1 && uri.StartsWith(pattern[..star], StringComparison.OrdinalIgnoreCase) && uri.EndsWith(pattern[(star + 1)..], StringComparison.OrdinalIgnoreCase)
            : Same(pattern, uri),
        _ => false,
    });

    private static bool CoversDns(string pattern, string name)
    {
        if (pattern.StartsWith('.'))
            return name.EndsWith(pattern, StringComparison.OrdinalIgnoreCase) || Same(pattern[1..], name);
        if (!pattern.StartsWith("*.", StringComparison.Ordinal))
            return Same(pattern, name);
        var firstDot = name.IndexOf('.', StringComparison.Ordinal);
        return firstDot > 0 && Same(pattern[1..], name[firstDot..]);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
