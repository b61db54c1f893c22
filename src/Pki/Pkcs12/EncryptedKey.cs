using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace Countersign.Pki.Pkcs12;

/// <summary>EncryptedPrivateKeyInfo (RFC 5958, 3).</summary>
internal static class EncryptedKey
{
    /// <summary>The PKCS#8 PrivateKeyInfo inside; wipe it after use.</summary>
    public static byte[] Decrypt(ReadOnlyMemory<byte> encrypted, string? password)
    {
        if (password is null)
        {
            throw new RefusalException(Refusal.BadPassword, "The private key is encrypted and no password was given");
        }

        try
        {
            KeyDerivationLimit.Ensure(KeyDerivationLimit.OfEncryptedKey(encrypted));
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, "The encrypted private key cannot be read", e);
        }

        try
        {
            return Pkcs8PrivateKeyInfo.DecryptAndDecode(password, encrypted, out _).Encode();
        }
        catch (CryptographicException e)
        {
            throw new RefusalException(Refusal.BadPassword, "The password does not open the private key", e);
        }
        catch (ArgumentException e) // the platform's answer to encrypted bytes that are no whole blocks
        {
            throw new RefusalException(Refusal.Malformed, "The encrypted private key is cut short", e);
        }
        catch (Exception e) when (e is PlatformNotSupportedException or AsnContentException)
        {
            throw new RefusalException(Refusal.UnsupportedEncryption, "The private key is encrypted in a way this platform does not have", e);
        }
    }
}
