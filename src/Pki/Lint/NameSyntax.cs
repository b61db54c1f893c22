using System.Net;
using System.Net.Sockets;

namespace Countersign.Pki.Lint;

/// <summary>The spelling of names as certificates may carry them.</summary>
internal static class NameSyntax
{
    /// <summary>
    /// Why this is not a host name in preferred syntax (RFC 1034 3.5 as relaxed by RFC 1123 2.1); null when it is.
    /// A leading "*." is looked through: where wildcards may stand is another rule.
    /// </summary>
    public static string? DnsFault(ReadOnlySpan<char> name)
    {
        var rest = name.StartsWith("*.") ? name[2..] : name;
        if (rest.IsEmpty)
        {
            return "is empty";
        }

        if (name.Length > 253)
        {
            return $"has {name.Length} characters, at most 253 are possible";
        }

        foreach (var range in rest.Split('.'))
        {
            if (LabelFault(rest[range]) is { } fault)
            {
                return fault;
            }
        }

        // RFC 1123 2.1: the last label is what tells a name from an address
        return rest[(rest.LastIndexOf('.') + 1)..].IndexOfAnyExceptInRange('0', '9') < 0 ? "ends in a number and would be read as an address" : null;
    }

    /// <summary>Why this is not a Mailbox of RFC 5321 4.1.2 in ASCII without quoting; null when it is.</summary>
    public static string? EmailFault(ReadOnlySpan<char> address)
    {
        int at = address.LastIndexOf('@');
        if (at <= 0 || at == address.Length - 1)
        {
            return "is not local@domain";
        }

        if (address.Length > 254 || at > 64)
        {
            return "is longer than 64 characters before or 254 in all";
        }

        var local = address[..at];
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal))
        {
            return "has a dot where none may be";
        }

        foreach (char c in local)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !".!#$%&'*+/=?^_`{|}~-".Contains(c))
            {
                return $"has a character U+{(int)c:X4} before the @";
            }
        }

        return address[at + 1] == '*' ? "has a wildcard" : DnsFault(address[(at + 1)..]);
    }

    /// <summary>Why this is not an absolute URI as RFC 5280 4.2.1.6 wants it; null when it is.</summary>
    public static string? UriFault(string uri)
    {
        foreach (char c in uri)
        {
            if (c is <= ' ' or > '~' or '<' or '>' or '"' or '\\' or '^' or '`' or '{' or '|' or '}')
            {
                return $"has a character U+{(int)c:X4}";
            }
        }

        int colon = uri.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !char.IsAsciiLetter(uri[0]) || colon == uri.Length - 1)
        {
            return "has no scheme or nothing after it";
        }

        foreach (char c in uri.AsSpan(0, colon))
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
            {
                return "has no scheme";
            }
        }

        // sip:example.test has no authority part (RFC 3986 3), https://host must have a host in it
        if (uri.AsSpan(colon + 1).StartsWith("//") && (uri.Length == colon + 3 || uri[colon + 3] is '/' or '?' or '#'))
        {
            return "has no host";
        }

        return null;
    }

    /// <summary>An address as people write it: dotted quad or IPv6. Not the older short forms of the C library ("10.1").</summary>
    public static bool TryAddress(string text, out IPAddress address)
    {
        if (text.Length > 0 && (char.IsAsciiHexDigit(text[0]) || text[0] == ':') && IPAddress.TryParse(text, out var parsed)
            && (parsed.AddressFamily == AddressFamily.InterNetworkV6 ? !text.Contains('%') : parsed.ToString() == text))
        {
            address = parsed;
            return true;
        }

        address = IPAddress.None;
        return false;
    }

    /// <summary>The host of a URI in a certificate; null when there is none. For sip:domain that is the domain.</summary>
    public static string? UriHost(string uri)
    {
        int start = uri.IndexOf(':', StringComparison.Ordinal) + 1;
        var rest = uri.AsSpan(start);
        if (rest.StartsWith("//"))
        {
            rest = rest[2..];
        }

        int end = rest.IndexOfAny("/?#;");
        rest = end < 0 ? rest : rest[..end];
        rest = rest[(rest.IndexOf('@') + 1)..];
        if (rest.StartsWith("["))
        {
            int close = rest.IndexOf(']');
            return close < 0 ? null : rest[1..close].ToString();
        }

        int port = rest.IndexOf(':');
        rest = port < 0 ? rest : rest[..port];
        return rest.IsEmpty ? null : rest.ToString();
    }

    /// <summary>Equal to the domain or below it.</summary>
    public static bool IsWithin(ReadOnlySpan<char> name, ReadOnlySpan<char> domain)
    {
        domain = domain.TrimStart('.');
        return name.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
            && (name.Length == domain.Length || domain.IsEmpty || name[name.Length - domain.Length - 1] == '.');
    }

    private static string? LabelFault(ReadOnlySpan<char> label)
    {
        if (label.IsEmpty)
        {
            return "has an empty label";
        }

        if (label.Length > 63)
        {
            return $"has a label of {label.Length} characters, at most 63 are possible";
        }

        if (label[0] == '-' || label[^1] == '-')
        {
            return "has a label that begins or ends with a hyphen";
        }

        foreach (char c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return $"has a character U+{(int)c:X4}";
            }
        }

        return null;
    }
}
