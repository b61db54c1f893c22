using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Countersign.Pki;

namespace Countersign.Server.Authorities.Keys;

/// <summary>
/// A secret under a passphrase only its owner knows: PBKDF2 with HMAC-SHA-512, then AES-256-GCM. The root's key is sealed this way
/// before it is sealed under the key-encryption key, so that neither a stolen database nor a stolen server signs with it.
/// </summary>
/// <remarks>Layout: iterations (4, big-endian), salt (16), nonce (12), tag (16), ciphertext.</remarks>
internal static class PassphraseSeal
{
    internal const int ShortestPassphrase = 12;
    internal const int LongestPassphrase = 1024;
    private const int Iterations = 600_000;
    private const int MostIterations = 10_000_000;
    private const int SaltLength = 16;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int Overhead = 4 + SaltLength + NonceLength + TagLength;

    internal static byte[] Seal(string passphrase, ReadOnlySpan<byte> secret, RandomNumberGenerator random)
    {
        if (passphrase.Length is < ShortestPassphrase or > LongestPassphrase)
        {
            throw new RefusalException(Refusal.WeakPassphrase, $"{passphrase.Length} characters, at least {ShortestPassphrase} and at most {LongestPassphrase} are needed");
        }

        var whole = new byte[Overhead + secret.Length];
        BinaryPrimitives.WriteInt32BigEndian(whole, Iterations);
        random.GetBytes(whole, 4, SaltLength + NonceLength);
        var key = Derive(passphrase, whole.AsSpan(4, SaltLength), Iterations);
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Encrypt(whole.AsSpan(4 + SaltLength, NonceLength), secret, whole.AsSpan(Overhead), whole.AsSpan(4 + SaltLength + NonceLength, TagLength), whole.AsSpan(0, 4 + SaltLength));
            return whole;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <exception cref="RefusalException">bad_passphrase</exception>
    internal static byte[] Open(string? passphrase, ReadOnlySpan<byte> whole)
    {
        if (string.IsNullOrEmpty(passphrase) || passphrase.Length > LongestPassphrase)
        {
            throw new RefusalException(Refusal.BadPassphrase, "the root's key is sealed under a passphrase, which is needed for this");
        }

        var iterations = BinaryPrimitives.ReadInt32BigEndian(whole);
        if (whole.Length < Overhead || iterations is < 1 or > MostIterations)
        {
            throw new CryptographicException("This is not sealed under a passphrase.");
        }

        var secret = new byte[whole.Length - Overhead];
        var key = Derive(passphrase, whole.Slice(4, SaltLength), iterations);
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(whole.Slice(4 + SaltLength, NonceLength), whole[Overhead..], whole.Slice(4 + SaltLength + NonceLength, TagLength), secret, whole[..(4 + SaltLength)]);
            return secret;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new RefusalException(Refusal.BadPassphrase, "the passphrase does not open the root's key", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] Derive(string passphrase, ReadOnlySpan<byte> salt, int iterations)
    {
        var text = Encoding.UTF8.GetBytes(passphrase.Normalize(NormalizationForm.FormC));
        try
        {
            return Rfc2898DeriveBytes.Pbkdf2(text, salt, iterations, HashAlgorithmName.SHA512, 32);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
