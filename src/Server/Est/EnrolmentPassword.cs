using System.Globalization;
using System.Security.Cryptography;

namespace Countersign.Server.Est;

/// <summary>PBKDF2-HMAC-SHA-256 with a salt of 128 bits, written "iterations.salt.hash" in base64.</summary>
internal static class EnrolmentPassword
{
    private const int Iterations = 210_000;
    private const int Length = 32;

    internal static string Hash(string password, RandomNumberGenerator random)
    {
        var salt = new byte[16];
        random.GetBytes(salt);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, Length);
        return $"{Iterations}.{Convert.ToBase64String(salt)}.{Convert.ToBase64String(hash)}";
    }

    internal static bool Check(string password, string kept)
    {
        var parts = kept.Split('.');
        var hash = Rfc2898DeriveBytes.Pbkdf2(
            password, Convert.FromBase64String(parts[1]), int.Parse(parts[0], CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, Length);
        return CryptographicOperations.FixedTimeEquals(hash, Convert.FromBase64String(parts[2]));
    }
}
