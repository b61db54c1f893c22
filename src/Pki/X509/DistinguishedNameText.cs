using System.Globalization;
using System.Text;

namespace Countersign.Pki.X509;

/// <summary>RFC 4514 text, in encoded order instead of reversed.</summary>
internal static class DistinguishedNameText
{
    private const string Special = ",+\"\\<>;";

    public static string Write(NameAttribute[] attributes, int[] sizes)
    {
        var text = new StringBuilder();
        var part = 0;
        var left = 0;
        for (var i = 0; i < attributes.Length; i++)
        {
            if (left == 0)
            {
                text.Append(i == 0 ? string.Empty : ", ");
                left = sizes.Length == 0 ? 1 : sizes[part++];
            }
            else
            {
                text.Append(" + ");
            }

            left--;
            text.Append(AttributeNames.ShortName(attributes[i].Oid)).Append('=');
            Escape(text, attributes[i].Value);
        }

        return text.ToString();
    }

    public static DistinguishedName Parse(string text)
    {
        var attributes = new List<NameAttribute>();
        var sizes = new List<int>();
        var joined = false;
        var rest = text.AsSpan().TrimStart().TrimEnd("\r\n\t"); // a space at the end may be an escaped one
        while (!rest.IsEmpty)
        {
            var equals = rest.IndexOf('=');
            var name = equals < 0 ? string.Empty : rest[..equals].Trim().ToString();
            var oid = AttributeNames.Oid(name)
                ?? throw Bad(equals < 0 ? $"\"{rest}\" is no pair of type and value such as CN=name" : $"\"{name}\" is no attribute type");
            rest = rest[(equals + 1)..];
            attributes.Add(new NameAttribute(oid, Value(ref rest)));
            sizes.Add(joined ? sizes[^1] + 1 : 1);
            if (joined)
            {
                sizes.RemoveAt(sizes.Count - 2);
            }

            if (rest.IsEmpty)
            {
                break;
            }

            joined = rest[0] == '+';
            rest = rest[1..].TrimStart();
            if (rest.IsEmpty)
            {
                throw Bad("the text ends with a separator");
            }
        }

        return DistinguishedNameWriter.Write([.. attributes], sizes.TrueForAll(size => size == 1) ? [] : [.. sizes]);
    }

    // reads up to the next unescaped separator and leaves the rest there
    private static string Value(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        if (rest.StartsWith("#"))
        {
            throw Bad("values in hexadecimal form are not taken");
        }

        var value = new StringBuilder();
        var keep = 0; // trailing spaces beyond this length are not part of the value
        var quoted = rest.StartsWith("\"");
        var i = quoted ? 1 : 0;
        for (; i < rest.Length; i++)
        {
            var c = rest[i];
            if (c == '\\')
            {
                i = Unescape(rest, i + 1, value);
                keep = value.Length;
            }
            else if (quoted && c == '"')
            {
                quoted = false;
                keep = value.Length;
            }
            else if (!quoted && c is (',' or ';' or '+'))
            {
                break;
            }
            else
            {
                value.Append(c);
                keep = c == ' ' && !quoted ? keep : value.Length;
            }
        }

        if (quoted)
        {
            throw Bad("a quotation mark is not closed");
        }

        rest = rest[i..];
        return value.ToString(0, keep);
    }

    // \, or a run of \XX pairs that are UTF-8; gives the index of the last character used
    private static int Unescape(ReadOnlySpan<char> text, int at, StringBuilder value)
    {
        if (at >= text.Length)
        {
            throw Bad("the text ends with a backslash");
        }

        if (!IsPair(text, at))
        {
            value.Append(text[at]);
            return at;
        }

        var bytes = new List<byte>();
        while (true)
        {
            bytes.Add(byte.Parse(text.Slice(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            at += 2;
            if (at + 2 >= text.Length || text[at] != '\\' || !IsPair(text, at + 1))
            {
                break;
            }

            at++;
        }

        try
        {
            value.Append(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]));
        }
        catch (ArgumentException e)
        {
            throw new RefusalException(Refusal.BadName, "escaped bytes are not UTF-8", e);
        }

        return at - 1;
    }

    private static bool IsPair(ReadOnlySpan<char> text, int at) => at + 1 < text.Length && char.IsAsciiHexDigit(text[at]) && char.IsAsciiHexDigit(text[at + 1]);

    private static void Escape(StringBuilder text, string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsControl(c))
            {
                foreach (var b in Encoding.UTF8.GetBytes([c]))
                {
                    text.Append('\\').Append(b.ToString("X2", CultureInfo.InvariantCulture));
                }
            }
            else
            {
                var escape = Special.Contains(c) || (i == 0 && c is (' ' or '#')) || (c == ' ' && i == value.Length - 1);
                text.Append(escape ? "\\" : string.Empty).Append(c);
            }
        }
    }

    private static RefusalException Bad(string detail) => new(Refusal.BadName, $"Name: {detail}");
}
