using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using Countersign.Pki.X509;

namespace Countersign.Pki.Pkcs12;

/// <summary>What a PKCS#12 file holds. Dispose it to wipe the private key.</summary>
/// <param name="Certificates">In the file's order, the key's own certificate first when there is a key.</param>
/// <param name="PrivateKeys">PKCS#8 PrivateKeyInfo in DER, in the file's order.</param>
/// <param name="FriendlyName">The name the file gives to its key or first certificate, or null.</param>
public sealed record Pkcs12Contents(IReadOnlyList<Certificate> Certificates, IReadOnlyList<byte[]> PrivateKeys, string? FriendlyName) : IDisposable
{
    /// <summary>The key of a file that holds one; null where there is none or several.</summary>
    public byte[]? PrivateKey => PrivateKeys is [var key] ? key : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in PrivateKeys)
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}

/// <summary>PKCS#12 (RFC 7292): reads what the common programs write, writes PBES2 with AES-256 and HMAC-SHA-256.</summary>
public static class Pkcs12File
{
    private const int LargestFile = 1024 * 1024;
    private const int Rounds = 100_000; // of encryption and MAC alike: whoever guesses passwords takes the cheaper of the two

    /// <summary>Reads a file protected by a password.</summary>
    /// <exception cref="RefusalException"><c>bad_password</c>, <c>malformed</c> (also for more keys than anybody has together, or none of keys and certificates), <c>request_too_large</c>, <c>unsupported_encryption</c></exception>
    public static Pkcs12Contents Read(ReadOnlyMemory<byte> file, string? password)
    {
        if (file.Length > LargestFile)
        {
            throw new RefusalException(Refusal.RequestTooLarge, $"{file.Length} bytes, at most {LargestFile} are read");
        }

        try
        {
            var rounds = KeyDerivationLimit.OfPfx(file);
            KeyDerivationLimit.Ensure(rounds);
            var info = Pkcs12Info.Decode(file, out var used);
            if (used != file.Length)
            {
                throw Malformed("There are bytes after the end of the PKCS#12 file");
            }

            EnsureMac(info, password);
            return new Pkcs12Reader(password, rounds).Read(info);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or ArgumentException) // the last for encrypted bytes that are no whole blocks
        {
            throw Malformed("The PKCS#12 file cannot be read", e);
        }
        catch (PlatformNotSupportedException e)
        {
            throw new RefusalException(Refusal.UnsupportedEncryption, "The PKCS#12 file is encrypted in a way this platform does not have (such as RC2): export it anew with AES", e);
        }
    }

    /// <summary>Writes a file with one key, its certificate and the CA certificates above it.</summary>
    /// <param name="privateKey">PKCS#8 PrivateKeyInfo in DER.</param>
    /// <param name="certificates">The key's own certificate first.</param>
    /// <param name="password">Protects the whole file.</param>
    /// <param name="friendlyName">Shown by the programs that import the file; may be empty.</param>
    public static byte[] Write(ReadOnlyMemory<byte> privateKey, IReadOnlyList<Certificate> certificates, string password, string friendlyName)
    {
        var protection = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Rounds);
        var keys = new Pkcs12SafeContents();
        var others = new Pkcs12SafeContents();
        var keyBag = new Pkcs12ShroudedKeyBag(Pkcs8PrivateKeyInfo.Decode(privateKey, out _, skipCopy: true).Encrypt(password, protection), skipCopy: true);
        keys.AddSafeBag(keyBag);
        for (var i = 0; i < certificates.Count; i++)
        {
            var bag = new Pkcs12CertBag(new Oid(CertificateBag.X509), CertificateBag.Wrap(certificates[i].Der));
            others.AddSafeBag(bag);
            if (i == 0)
            {
                var localId = new Pkcs9LocalKeyId(certificates[0].Key.KeyIdentifier);
                foreach (Pkcs12SafeBag marked in new Pkcs12SafeBag[] { keyBag, bag })
                {
                    marked.Attributes.Add(localId);
                    if (friendlyName.Length > 0)
                    {
                        marked.Attributes.Add(CertificateBag.FriendlyName(friendlyName));
                    }
                }
            }
        }

        var builder = new Pkcs12Builder();
        builder.AddSafeContentsEncrypted(others, password, protection);
        builder.AddSafeContentsUnencrypted(keys); // the key in it is encrypted by itself
        builder.SealWithMac(password, HashAlgorithmName.SHA256, Rounds);
        return builder.Encode();
    }

    private static void EnsureMac(Pkcs12Info info, string? password)
    {
        switch (info.IntegrityMode)
        {
            case Pkcs12IntegrityMode.None:
                return;
            // an empty password is written in two ways: as no characters and as none at all
            case Pkcs12IntegrityMode.Password when info.VerifyMac(password) || (string.IsNullOrEmpty(password) && info.VerifyMac(password is null ? string.Empty : null)):
                return;
            case Pkcs12IntegrityMode.Password:
                throw new RefusalException(Refusal.BadPassword, "The password does not open the PKCS#12 file");
            default:
                throw Malformed("The PKCS#12 file is sealed by a signature instead of a password");
        }
    }

    private static RefusalException Malformed(string detail, Exception? cause = null) => new(Refusal.Malformed, detail, cause);
}
