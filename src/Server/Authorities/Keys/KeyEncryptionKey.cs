using System.Security.Cryptography;
using System.Text;
using Countersign.Server.Hosting;

namespace Countersign.Server.Authorities.Keys;

/// <summary>
/// The key all secrets at rest are sealed under: 32 random bytes in the file kek of the data folder (mode 0600), or made from the passphrase
/// in the file that COUNTERSIGN_KEK_PASSPHRASE_FILE names. Never in the database.
/// </summary>
internal static class KeyEncryptionKey
{
    internal const string PassphraseFileVariable = "COUNTERSIGN_KEK_PASSPHRASE_FILE";
    internal const int Length = 32;

    // OWASP's figure for PBKDF2 with HMAC-SHA-512 is 210,000; this is done once per start.
    private const int Iterations = 600_000;

    /// <summary>The file the passphrase is in; null: the key is kept in a file of its own.</summary>
    internal static string? PassphraseFile => Environment.GetEnvironmentVariable(PassphraseFileVariable) is { Length: > 0 } file ? file : null;

    /// <param name="options">Where the data is.</param>
    /// <param name="salt">The installation's salt, the same for every server that shares the database.</param>
    /// <param name="random">Makes the key of a database that has none yet; null where something is sealed already and no other key would do.</param>
    internal static byte[] Load(CountersignOptions options, ReadOnlySpan<byte> salt, RandomNumberGenerator? random) =>
        PassphraseFile is { } file ? FromPassphrase(file, salt) : FromKeyFile(options.PathTo("kek"), random);

    private static byte[] FromPassphrase(string file, ReadOnlySpan<byte> salt)
    {
        var passphrase = Read(file);
        try
        {
            return Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, Iterations, HashAlgorithmName.SHA512, Length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    private static byte[] Read(string file)
    {
        try
        {
            return Hosting.PassphraseFile.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{PassphraseFileVariable} names {file}, which cannot be read: {e.Message} Put the passphrase there and start again. Nothing was changed.", e);
        }
    }

    private static byte[] FromKeyFile(string path, RandomNumberGenerator? random)
    {
        if (!File.Exists(path))
        {
            if (random is null)
            {
                throw new InvalidOperationException(
                    $"{path} is missing, and what this database holds is sealed under it, or under the passphrase whose file {PassphraseFileVariable} names. " +
                    "Put it in place (from another server of this installation, or from the backup) or name the passphrase's file, and start again. Nothing was changed.");
            }

            var made = new byte[Length];
            random.GetBytes(made);
            PrivateFiles.Write(path, Convert.ToBase64String(made) + "\n");
            CryptographicOperations.ZeroMemory(made);
        }

        using var file = PrivateFiles.OpenSecret(path);
        using var text = new StreamReader(file, Encoding.ASCII);
        var key = new byte[Length];
        return Convert.TryFromBase64String(text.ReadToEnd().Trim(), key, out var length) && length == Length
            ? key
            : throw new InvalidOperationException($"{path} does not hold a key of {Length} bytes in base64. Restore it from the backup of this server.");
    }
}
