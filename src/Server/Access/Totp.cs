using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Server.Access;

/// <summary>Time-based one-time passwords (RFC 6238): SHA-1, 6 digits, 30 seconds, which is what every authenticator app takes.</summary>
internal static class Totp
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int StepSeconds = 30;

    /// <summary>160 random bits (RFC 4226 section 4, R6).</summary>
    internal static byte[] NewSecret(RandomNumberGenerator random)
    {
        var secret = new byte[20];
        random.GetBytes(secret);
        return secret;
    }

    internal static long StepAt(DateTimeOffset now) => now.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The time step the code belongs to, one before or after now at most; null when it is wrong or not later than <paramref name="lastStep"/>.</summary>
    internal static long? Check(byte[] secret, string code, DateTimeOffset now, long lastStep)
    {
        var typed = Encoding.ASCII.GetBytes(Secrets.Normalise(code));
        long? found = null;
        for (var step = StepAt(now) - 1; step <= StepAt(now) + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(typed, Encoding.ASCII.GetBytes(Code(secret, step))) && step > lastStep)
            {
                found = step;
            }
        }

        return found;
    }

    /// <summary>RFC 4226 section 5.3.</summary>
    internal static string Code(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, mac);
        var value = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[^1] & 0x0F)..]) & 0x7FFFFFFF;
        return (value % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }

    internal static string ToBase32(byte[] secret)
    {
        var text = new StringBuilder();
        int bits = 0, value = 0;
        foreach (var octet in secret)
        {
            value = (value << 8) | octet;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                text.Append(Base32[(value >> (bits - 5)) & 31]);
            }

            value &= (1 << bits) - 1;
        }

        return bits == 0 ? text.ToString() : text.Append(Base32[(value << (5 - bits)) & 31]).ToString();
    }

    /// <summary>Null when the text is not base32 of 16 to 64 octets.</summary>
    internal static byte[]? FromBase32(string text)
    {
        var octets = new List<byte>();
        int bits = 0, value = 0;
        foreach (var letter in text.Where(c => c is not (' ' or '-' or '=')))
        {
            var digit = Base32.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            if (digit < 0 || octets.Count > 64)
            {
                return null;
            }

            value = ((value << 5) | digit) & 0xFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                octets.Add((byte)(value >> bits));
            }
        }

        return octets.Count is >= 16 and <= 64 ? [.. octets] : null;
    }

    /// <summary>What authenticator apps read from a QR code.</summary>
    internal static string Uri(byte[] secret, string administrator, string issuer) =>
        $"otpauth://totp/{System.Uri.EscapeDataString(issuer)}:{System.Uri.EscapeDataString(administrator)}"
        + $"?secret={ToBase32(secret)}&issuer={System.Uri.EscapeDataString(issuer)}";
}
