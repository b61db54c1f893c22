using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Server.Authorities.Keys;

/// <summary>
/// Secrets at rest: AES-256-GCM under the key-encryption key. A sealed value opens only for the purpose and id it was sealed for,
/// so values cannot be exchanged between rows.
/// </summary>
/// <remarks>Layout: version (1), nonce (12), tag (16), ciphertext.</remarks>
internal sealed class Sealing(RandomNumberGenerator random) : IDisposable
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int Overhead = 1 + NonceLength + TagLength;

    private byte[]? _key;

    /// <summary>Seals for one purpose ("signing-key", "totp") and one row.</summary>
    internal byte[] Seal(string purpose, string id, ReadOnlySpan<byte> secret)
    {
        var whole = new byte[Overhead + secret.Length];
        whole[0] = Version;
        var nonce = whole.AsSpan(1, NonceLength);
        random.GetBytes(nonce);
        using var aes = new AesGcm(Key, TagLength);
        aes.Encrypt(nonce, secret, whole.AsSpan(Overhead), whole.AsSpan(1 + NonceLength, TagLength), Context(purpose, id));
        return whole;
    }

    /// <summary>The secret; the caller zeroes it after use.</summary>
    /// <exception cref="CryptographicException">It was sealed under another key, for another purpose or row, or was altered.</exception>
    internal byte[] Open(string purpose, string id, ReadOnlySpan<byte> whole)
    {
        if (whole.Length < Overhead || whole[0] != Version)
        {
            throw new CryptographicException("This is not a sealed value.");
        }

        var secret = new byte[whole.Length - Overhead];
        using var aes = new AesGcm(Key, TagLength);
        aes.Decrypt(whole.Slice(1, NonceLength), whole[Overhead..], whole.Slice(1 + NonceLength, TagLength), secret, Context(purpose, id));
        return secret;
    }

    /// <summary>A keyed hash: the same text gives the same tag on every server of this installation, and says nothing to whoever has only the database.</summary>
    internal string Tag(string purpose, string text)
    {
        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, Key, key, Encoding.UTF8.GetBytes("tag " + purpose));
        var tag = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        CryptographicOperations.ZeroMemory(key);
        return tag;
    }

    /// <summary>Called once while the server starts; takes the array.</summary>
    internal void Use(byte[] key) => _key = key;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _key, null) is { } key)
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private byte[] Key => _key ?? throw new InvalidOperationException("Nothing can be sealed before the server has started or after it has stopped.");

    // Lengths first, so that "ab" + "c" and "a" + "bc" are not the same.
    private static byte[] Context(string purpose, string id)
    {
        var purposeLength = Encoding.UTF8.GetByteCount(purpose);
        var context = new byte[4 + purposeLength + Encoding.UTF8.GetByteCount(id)];
        BinaryPrimitives.WriteInt32BigEndian(context, purposeLength);
        Encoding.UTF8.GetBytes(purpose, context.AsSpan(4));
        Encoding.UTF8.GetBytes(id, context.AsSpan(4 + purposeLength));
        return context;
    }
}
