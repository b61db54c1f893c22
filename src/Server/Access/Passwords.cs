using Countersign.Pki;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Access;

/// <summary>Rules and hashing of passwords: PBKDF2 with HMAC-SHA-512 by ASP.NET Core Identity's hasher.</summary>
internal sealed class Passwords(IPasswordHasher<Administrator> hasher)
{
    internal const int Iterations = 210_000;
    private const int Shortest = 12;
    private const int Longest = 256;

    private static readonly Administrator Nobody = new();
    private readonly Lazy<string> somethingToCheck = new(() => hasher.HashPassword(Nobody, "nobody's password"));

    /// <summary>Throws weak_password.</summary>
    internal static void EnsureGood(string password, string name)
    {
        if (password.Length is < Shortest or > Longest)
        {
            throw new RefusalException(Refusal.WeakPassword, $"{password.Length} characters; {Shortest} to {Longest} are needed.");
        }

        if (password.Distinct().Count() < 5 || (name.Length > 3 && password.Contains(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new RefusalException(Refusal.WeakPassword, "It repeats a few characters or contains the name.");
        }
    }

    internal string Hash(string password) => hasher.HashPassword(Nobody, password);

    /// <summary>Takes the same time whether there is such an administrator or not.</summary>
    internal bool Check(Administrator? administrator, string password) => Check(administrator?.PasswordHash, password);

    /// <summary>The same for a hash kept elsewhere; null for nobody's.</summary>
    internal bool Check(string? kept, string password)
    {
        var right = password.Length <= Longest && hasher.VerifyHashedPassword(Nobody, kept ?? somethingToCheck.Value, password) != PasswordVerificationResult.Failed;
        return right && kept is not null;
    }
}
