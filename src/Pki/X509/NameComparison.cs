using System.Globalization;
using System.Text;

namespace Countersign.Pki.X509;

/// <summary>
/// Names as RFC 5280, 7.1 compares them: string types, case, compatibility forms and insignificant spaces do not count (RFC 4518, 2), nor does the
/// order inside a multi-valued part. What is no text is compared by its bytes.
/// </summary>
internal static class NameComparison
{
    /// <summary>A text that two names share exactly when they are the same.</summary>
    public static string Key(IReadOnlyList<NameAttribute> attributes, int[] sizes)
    {
        var key = new StringBuilder();
        var at = 0;
        for (var part = 0; at < attributes.Count; part++)
        {
            var size = sizes.Length == 0 ? 1 : sizes[part];
            var set = Enumerable.Range(at, size).Select(i => $"{attributes[i].Oid}={Prepared(attributes[i].Value)}").Order(StringComparer.Ordinal);
            key.AppendJoin('\u0001', set).Append('\0');
            at += size;
        }

        return key.ToString();
    }

    private static string Prepared(string value)
    {
        var mapped = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            // RFC 4518, 2.2: line ends and tabs are spaces; what cannot be seen is nothing
            if (c is '\t' or '\n' or '\v' or '\f' or '\r' or '\u0085')
            {
                mapped.Append(' ');
            }
            else if (!char.IsControl(c) && char.GetUnicodeCategory(c) != UnicodeCategory.Format)
            {
                mapped.Append(c == '\uFFFE' ? '\uFFFD' : c); // Normalize throws for it
            }
        }

        // ligatures have capitals only once they are taken apart
        var folded = mapped.ToString().Normalize(NormalizationForm.FormKC).ToUpperInvariant().Normalize(NormalizationForm.FormKC);
        return string.Join(' ', folded.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
