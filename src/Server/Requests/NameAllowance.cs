using System.Net;
using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Access;

namespace Countersign.Server.Requests;

/// <summary>
/// The names a requester may have without an officer's look (docs/issuance.md lists the patterns): "*.example.test" (one label in front), ".example.test" (any depth),
/// "sip.example.test", "wildcard:*.example.test", "10.0.0.0/8", "user@example.test", "@example.test", "sip:*@example.test", "O=Example", "OU=*".
/// <see cref="Unrestricted"/> is for officers, who answer for what they ask.
/// </summary>
internal sealed record NameAllowance(IReadOnlyList<string> Patterns)
{
    private const string Wildcard = "wildcard:";

    public static readonly NameAllowance Unrestricted = new(["*"]);

    /// <summary>Nobody said which names are theirs: none is strange, and none is given without an officer.</summary>
    public static readonly NameAllowance Unstated = new(["*"]) { ByRule = false };

    /// <summary>False where a rule may not stand in for an officer, whatever the names.</summary>
    public bool ByRule { get; private init; } = true;

    /// <summary>Names that are allowed exactly as they are: "dns:*.example.test", "O=Example".</summary>
    private HashSet<string> Exact { get; init; } = [];

    private bool Everything => Patterns.Contains("*", StringComparer.Ordinal);

    /// <summary>What was written down for an enrolment code or account.</summary>
    public static NameAllowance Of(IReadOnlyList<string> patterns) => patterns.Count == 0 ? Unstated : new NameAllowance(patterns);

    /// <summary>What an administrator or an API token may have: only those who approve may do without being looked at.</summary>
    public static NameAllowance Of(Role role, IReadOnlyList<string>? allowedNames) =>
        allowedNames is not null ? new NameAllowance(allowedNames)
        : role is Role.PrimaryAdministrator or Role.CaOfficer ? Unrestricted
        : Unstated;

    /// <summary>Whoever holds a certificate may have its names again, and no others.</summary>
    public static NameAllowance Of(Certificate certificate) => new([])
    {
        Exact = certificate.Sans.Select(s => s.ToString()).Concat(certificate.Subject.Attributes.Select(TextOf)).ToHashSet(StringComparer.OrdinalIgnoreCase),
    };

    /// <summary>The parts of a subject as <see cref="Outside"/> writes them.</summary>
    public static string TextOf(NameAttribute attribute)
    {
        var escaped = DistinguishedName.Of([attribute]).ToString();
        return string.Concat(escaped.AsSpan(0, escaped.IndexOf('=', StringComparison.Ordinal) + 1), attribute.Value);
    }

    /// <summary>The alternative names ("dns:…") and parts of the subject ("O=…") that nothing here covers.</summary>
    public IReadOnlyList<string> Outside(IReadOnlyList<NameAttribute> subject, IReadOnlyList<SanEntry> sans)
    {
        if (Everything)
            return [];
        var outside = new List<string>();
        var covered = new List<SanEntry>(sans.Count);
        foreach (var san in sans)
        {
            if (Covers(san))
                covered.Add(san);
            else
                outside.Add(san.ToString());
        }
        foreach (var attribute in subject)
            if (!Covers(attribute, covered))
                outside.Add(TextOf(attribute));
        return outside;
    }

    private bool Covers(NameAttribute attribute, List<SanEntry> covered)
    {
        if (attribute.Oid == Oids.CommonName && (covered.Exists(s => Same(s.Text, attribute.Value)) || AsName(attribute.Value) is { } name && Covers(name)))
            return true;
        if (attribute.Oid == Oids.EmailAddress && Covers(new SanEntry.Email(attribute.Value)))
            return true;
        var text = TextOf(attribute);
        return Exact.Contains(text) || Patterns.Any(pattern => pattern.EndsWith("=*", StringComparison.Ordinal)
            ? text.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
            : Same(Uri.UnescapeDataString(pattern), text));
    }

    private bool Covers(SanEntry san) => Exact.Contains(san.ToString()) || Patterns.Any(pattern => san switch
    {
        SanEntry.Dns(var name) => CoversDns(pattern, name),
        SanEntry.Ip(var address) => IPNetwork.TryParse(pattern, out var network) ? network.Contains(address) : IPAddress.TryParse(pattern, out var one) && one.Equals(address),
        SanEntry.Email(var address) => pattern.StartsWith('@') ? address.EndsWith(pattern, StringComparison.OrdinalIgnoreCase) : Same(pattern, address),
        SanEntry.Uri(var uri) => UriAllowance.Covers(pattern, uri),
        _ => false,
    });

    /// <summary>A certificate for *.example.test speaks for hosts that do not exist yet, so that no pattern for single hosts stands for it.</summary>
    internal static bool CoversDns(string pattern, string name)
    {
        if (name.Contains('*', StringComparison.Ordinal))
            return pattern.StartsWith(Wildcard, StringComparison.OrdinalIgnoreCase) && Same(pattern[Wildcard.Length..], name);
        if (pattern.StartsWith('.'))
            return name.EndsWith(pattern, StringComparison.OrdinalIgnoreCase) || Same(pattern[1..], name);
        if (!pattern.StartsWith("*.", StringComparison.Ordinal))
            return Same(pattern, name);
        var firstDot = name.IndexOf('.', StringComparison.Ordinal);
        return firstDot > 0 && Same(pattern[1..], name[firstDot..]);
    }

    private static SanEntry? AsName(string text)
    {
        try
        {
            return SanEntry.Parse(text);
        }
        catch (RefusalException)
        {
            return null; // "PBX Berlin" is a name of no kind
        }
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
