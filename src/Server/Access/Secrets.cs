using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Server.Access;

/// <summary>Random values people or programs present to be let in. Only their SHA-256 is kept: 128 bits and more need no slow hash.</summary>
internal static class Secrets
{
    private const string Readable = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>A secret of the given number of random bytes, base64url.</summary>
    internal static string Make(RandomNumberGenerator random, int bytes)
    {
        var value = new byte[bytes];
        random.GetBytes(value);
        return Base64Url.EncodeToString(value);
    }

    /// <summary>A code a person can type: groups of five letters and digits that are not mistaken for each other.</summary>
    internal static string MakeReadable(RandomNumberGenerator random, int groups)
    {
        var text = new StringBuilder();
        Span<byte> one = stackalloc byte[1];
        for (var i = 0; i < groups * 5; i++)
        {
            if (i > 0 && i % 5 == 0)
            {
                text.Append('-');
            }

            // Values that would favour the first letters are drawn again.
            do
            {
                random.GetBytes(one);
            }
            while (one[0] >= 256 / Readable.Length * Readable.Length);
            text.Append(Readable[one[0] % Readable.Length]);
        }

        return text.ToString();
    }

    /// <summary>What is kept of a secret: SHA-256, lower-case hexadecimal.</summary>
    internal static string Hash(ReadOnlySpan<char> secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HashInto(secret, hash);
        return Convert.ToHexStringLower(hash);
    }

    internal static void HashInto(ReadOnlySpan<char> secret, Span<byte> hash)
    {
        Span<byte> text = secret.Length <= 256 ? stackalloc byte[256 * 3] : new byte[Encoding.UTF8.GetMaxByteCount(secret.Length)];
        var length = Encoding.UTF8.GetBytes(secret, text);
        SHA256.HashData(text[..length], hash);
    }

    /// <summary>What a person typed of a readable code, without spaces, dashes and case.</summary>
    internal static string Normalise(string typed) =>
        string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
