using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Countersign.Pki.X509;

/// <summary>One subject alternative name (RFC 5280, 4.2.1.6).</summary>
public abstract record SanEntry
{
    private static readonly SearchValues<char> NotInHostNames = SearchValues.Create(":/@,;\\\"");

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false, AllowUnassigned = false };

    private SanEntry()
    {
    }

    /// <summary>"dns", "ip", "email", "uri" or "other".</summary>
    public abstract string Kind { get; }

    /// <summary>The name alone, as people read it.</summary>
    public abstract string Text { get; }

    /// <summary>A host name in its ASCII form; a wildcard is "*.example.test".</summary>
    public sealed record Dns(string Name) : SanEntry
    {
        /// <inheritdoc/>
        public override string Kind => "dns";

        /// <inheritdoc/>
        public override string Text => Name;

        /// <inheritdoc/>
        public override string ToString() => base.ToString();
    }

    /// <summary>An IPv4 or IPv6 address.</summary>
    public sealed record Ip(IPAddress Address) : SanEntry
    {
        /// <inheritdoc/>
        public override string Kind => "ip";

        /// <inheritdoc/>
        public override string Text => Address.ToString();

        /// <inheritdoc/>
        public override string ToString() => base.ToString();
    }

    /// <summary>A mail address in ASCII.</summary>
    public sealed record Email(string Address) : SanEntry
    {
        /// <inheritdoc/>
        public override string Kind => "email";

        /// <inheritdoc/>
        public override string Text => Address;

        /// <inheritdoc/>
        public override string ToString() => base.ToString();
    }

    /// <summary>A URI, such as "sip:example.test" (RFC 5922) or "urn:uuid:…".</summary>
    public sealed record Uri(string Value) : SanEntry
    {
        /// <inheritdoc/>
        public override string Kind => "uri";

        /// <inheritdoc/>
        public override string Text => Value;

        /// <inheritdoc/>
        public override string ToString() => base.ToString();
    }

    /// <summary>A kind this CA does not sign (directory name, user principal name …), kept so that it is shown and refused rather than lost.</summary>
    /// <param name="Tag">The number of the GeneralName choice.</param>
    /// <param name="Value">Hex of its DER.</param>
    public sealed record Other(int Tag, string Value) : SanEntry
    {
        /// <inheritdoc/>
        public override string Kind => "other";

        /// <inheritdoc/>
        public override string Text => $"[{Tag}] {Value}";

        /// <inheritdoc/>
        public override string ToString() => base.ToString();
    }

    /// <summary>"dns:proxy.example.test": what <see cref="Parse"/> reads.</summary>
    public override string ToString() => $"{Kind}:{Text}";

    /// <summary>
    /// Reads "dns:…", "ip:…", "email:…", "uri:…" (any case), or guesses: an address, something with a scheme, something with an @, else a host name. International host
    /// names are turned into their ASCII form.
    /// </summary>
    /// <exception cref="RefusalException"><c>bad_name</c></exception>
    public static SanEntry Parse(string text)
    {
        var trimmed = text.Trim();
        var colon = trimmed.IndexOf(':', StringComparison.Ordinal);
        var value = trimmed[(colon + 1)..].Trim();
        return (colon < 0 ? string.Empty : trimmed[..colon].ToLowerInvariant()) switch
        {
            "dns" => ParseDns(value),
            "ip" => ParseIp(value) ?? throw Bad(value, "is not an IP address"),
            "email" => new Email(Checked(value)),
            "uri" => new Uri(Checked(value)),
            "other" => throw Bad(value, "is of a kind this CA does not sign"),
            var scheme => Guess(trimmed, scheme),
        };
    }

    /// <summary>What makes the entry unfit to be signed, or null.</summary>
    internal string? Flaw() => this switch
    {
        Other => "is of a kind this CA does not sign",
        Dns { Name.Length: > 253 } => "is longer than 253 characters",
        Dns dns when dns.Name.Contains(' ', StringComparison.Ordinal) => "contains a space",
        Ip => null,
        _ => NameStrings.Flaw(Text),
    };

    private static SanEntry Guess(string text, string scheme)
    {
        if (ParseIp(text) is { } ip)
        {
            return ip;
        }

        if (scheme is "sip" or "sips" or "urn" or "tel" or "mailto" || text.Contains("://", StringComparison.Ordinal))
        {
            return new Uri(Checked(text));
        }

        return text.Contains('@', StringComparison.Ordinal) ? new Email(Checked(text)) : ParseDns(text);
    }

    private static Dns ParseDns(string name)
    {
        string ascii;
        try
        {
            ascii = System.Text.Ascii.IsValid(name) ? name : Idn.GetAscii(name);
        }
        catch (ArgumentException e)
        {
            throw new RefusalException(Refusal.BadName, $"\"{name}\" is not a host name", e);
        }

        var entry = new Dns(Checked(ascii));
        if (ascii.AsSpan().ContainsAny(NotInHostNames))
        {
            throw Bad(name, "is not a host name");
        }

        return entry.Flaw() is { } flaw ? throw Bad(name, flaw) : entry;
    }

    // "10.1" and "1" are addresses to the platform, but nobody means that
    private static Ip? ParseIp(string text)
    {
        var plain = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (plain.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(plain, out var address))
        {
            return null;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == plain ? new Ip(address) : null;
    }

    private static string Checked(string value)
    {
        if (NameStrings.Flaw(value) is { } flaw)
        {
            throw Bad(value, flaw);
        }

        return System.Text.Ascii.IsValid(value) ? value : throw Bad(value, "contains other than ASCII characters");
    }

    private static RefusalException Bad(string value, string flaw) => new(Refusal.BadName, $"Alternative name \"{value}\" {flaw}");
}
