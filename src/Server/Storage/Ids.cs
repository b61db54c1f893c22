using System.Buffers;
using System.Security.Cryptography;

namespace Countersign.Server.Storage;

/// <summary>Names of rows: 26 lower-case characters, a moment in milliseconds and 80 random bits, so they sort by age and index well.</summary>
internal static class Ids
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 26;
    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    public static string New(TimeProvider time, RandomNumberGenerator random)
    {
        Span<byte> bytes = stackalloc byte[10];
        random.GetBytes(bytes);
        Span<char> id = stackalloc char[Length];
        var moment = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 9; i >= 0; i--)
        {
            id[i] = Alphabet[(int)(moment & 31)];
            moment >>= 5;
        }

        var bits = 0;
        var held = 0;
        var at = 10;
        foreach (var b in bytes)
        {
            held = (held << 8) | b;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                id[at++] = Alphabet[(held >> bits) & 31];
            }

            held &= (1 << bits) - 1;
        }

        return new string(id);
    }

    /// <summary>Whether a text from outside can be one of ours at all.</summary>
    public static bool LooksLikeOne(string? text) => text is { Length: Length } && text.AsSpan().IndexOfAnyExcept(Letters) < 0;
}
