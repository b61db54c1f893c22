using System.Security.Cryptography;
using System.Text;

namespace Countersign.Pki.Pem;

/// <summary>One armoured block.</summary>
/// <param name="Label">What stands after BEGIN, with the old spellings replaced: NEW CERTIFICATE REQUEST is CERTIFICATE REQUEST, X509 CERTIFICATE is CERTIFICATE.</param>
/// <param name="Der">The decoded bytes.</param>
public sealed record PemBlock(string Label, byte[] Der);

/// <summary>
/// RFC 7468 textual encodings, read the way people and programs really send them: byte order marks (UTF-8 and UTF-16), any line ending, text around the
/// blocks, indentation, base64 wrapped at any width or in one line. Written strictly: 64 columns, LF.
/// </summary>
public static class PemFile
{
    /// <summary>What <see cref="Read"/> takes at most, in bytes.</summary>
    public const int DefaultLimit = 4 * 1024 * 1024;

    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    /// <summary>All blocks in the order they stand in. Text without any block gives an empty list.</summary>
    /// <exception cref="RefusalException"><c>malformed</c>: truncated, mismatched labels, bad base64, encrypted legacy header, TRUSTED CERTIFICATE; <c>request_too_large</c>.</exception>
    public static IReadOnlyList<PemBlock> Read(ReadOnlySpan<byte> text, int limit = DefaultLimit)
    {
        EnsureSize(text.Length, limit);
        return ReadBlocks(ToText(text));
    }

    /// <summary>One block, ending in a line feed.</summary>
    public static string Write(string label, ReadOnlySpan<byte> der) => $"{PemEncoding.WriteString(label, der)}\n";

    /// <summary>The DER in a file that is DER, bare base64, or PEM with exactly one block of the wanted labels (other blocks are passed over).</summary>
    /// <exception cref="RefusalException"><c>malformed</c> when there is none or more than one; <c>request_too_large</c>.</exception>
    public static byte[] OneDer(ReadOnlySpan<byte> pemOrDer, params string[] labels)
    {
        EnsureSize(pemOrDer.Length, DefaultLimit);
        if (LooksLikeDer(pemOrDer))
        {
            return pemOrDer.ToArray();
        }

        var text = ToText(pemOrDer);
        var blocks = ReadBlocks(text);
        if (blocks.Count == 0)
        {
            return BareBase64(text) ?? throw Malformed($"Neither DER nor PEM: expected a block -----BEGIN {labels.FirstOrDefault()}-----");
        }

        var found = blocks.Where(block => labels.Contains(block.Label, StringComparer.Ordinal)).ToList();
        return found.Count switch
        {
            1 => found[0].Der,
            0 => throw Malformed($"Expected a block {string.Join(" or ", labels)}, found {string.Join(", ", blocks.Select(block => block.Label).Distinct())}"),
            _ => throw Malformed($"Expected one block {labels.FirstOrDefault()}, found {found.Count}"),
        };
    }

    /// <summary>True when the bytes can only be one BER/DER SEQUENCE, not text.</summary>
    public static bool LooksLikeDer(ReadOnlySpan<byte> data) =>
        data.Length >= 2 && data[0] == 0x30 && (data[1] >= 0x80 || data[1] == data.Length - 2);

    private static List<PemBlock> ReadBlocks(string text)
    {
        var blocks = new List<PemBlock>();
        var at = 0;
        while ((at = text.IndexOf(Begin, at, StringComparison.Ordinal)) >= 0)
        {
            var labelAt = at + Begin.Length;
            var labelEnd = text.IndexOf(Dashes, labelAt, StringComparison.Ordinal);
            var label = labelEnd < 0 ? string.Empty : text[labelAt..labelEnd];
            if (labelEnd < 0 || label.Length > 64 || label.AsSpan().ContainsAny('\r', '\n'))
            {
                throw Malformed("A BEGIN line is not closed by five dashes");
            }

            var bodyAt = labelEnd + Dashes.Length;
            var bodyEnd = text.IndexOf(Dashes, bodyAt, StringComparison.Ordinal);
            var closing = string.Concat(End, label, Dashes);
            if (bodyEnd < 0 || !text.AsSpan(bodyEnd).StartsWith(closing, StringComparison.Ordinal))
            {
                throw Malformed($"The block {label} has no matching END line: the text was cut off or two blocks were mixed");
            }

            blocks.Add(Block(label, text.AsSpan(bodyAt, bodyEnd - bodyAt)));
            at = bodyEnd + closing.Length;
        }

        return blocks;
    }

    private static PemBlock Block(string label, ReadOnlySpan<char> body)
    {
        if (label == "TRUSTED CERTIFICATE")
        {
            throw Malformed("TRUSTED CERTIFICATE is OpenSSL's own format with trust settings inside: export a plain CERTIFICATE (openssl x509 -in file -out plain.pem)");
        }

        var der = Decode(WithoutHeaders(label, body)) ?? throw Malformed($"The block {label} is not base64");
        return new PemBlock(Canonical(label), der);
    }

    private static string Canonical(string label) => label switch
    {
        "NEW CERTIFICATE REQUEST" => "CERTIFICATE REQUEST",
        "X509 CERTIFICATE" => "CERTIFICATE",
        "PKCS #7 SIGNED DATA" => "PKCS7",
        _ => label,
    };

    // RFC 1421 headers ("Proc-Type: 4,ENCRYPTED") end at an empty line; RFC 7468 has none
    private static ReadOnlySpan<char> WithoutHeaders(string label, ReadOnlySpan<char> body)
    {
        if (!body.Contains(':'))
        {
            return body;
        }

        if (body.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw Malformed($"The block {label} is encrypted in OpenSSL's old form, which is weak: convert it (openssl pkcs8 -topk8 -in file -out new.pem)");
        }

        var lastHeader = body.LastIndexOf(':');
        var lineEnd = body[lastHeader..].IndexOfAny('\r', '\n');
        return lineEnd < 0 ? [] : body[(lastHeader + lineEnd)..];
    }

    private static byte[]? BareBase64(string text)
    {
        var trimmed = text.AsSpan().Trim();
        // every SEQUENCE longer than 127 bytes starts with M in base64
        return trimmed.Length >= 4 && trimmed[0] == 'M' && Decode(trimmed) is { } der && LooksLikeDer(der) ? der : null;
    }

    private static byte[]? Decode(ReadOnlySpan<char> base64)
    {
        var buffer = new byte[(base64.Length / 4 * 3) + 3];
        return Convert.TryFromBase64Chars(base64, buffer, out var written) && written > 0 ? buffer[..written] : null;
    }

    private static string ToText(ReadOnlySpan<byte> data) => data switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.Latin1.GetString(data[3..]),
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(data[2..]),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(data[2..]),
        _ => Encoding.Latin1.GetString(data), // only ASCII matters, and Latin-1 never fails
    };

    private static void EnsureSize(int length, int limit)
    {
        if (length > limit)
        {
            throw new RefusalException(Refusal.RequestTooLarge, $"{length} bytes, at most {limit} are read");
        }
    }

    private static RefusalException Malformed(string detail) => new(Refusal.Malformed, detail);
}
