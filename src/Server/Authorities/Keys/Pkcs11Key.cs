using System.Security.Cryptography;
using System.Text;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Server.Authorities.Keys;

/// <summary>
/// A private key that never leaves its token: signs through OpenSSL's pkcs11 engine, one signature at a time, because the engine keeps
/// one session per key.
/// </summary>
internal sealed class Pkcs11Key : ISigningKey
{
    private const string Engine = "pkcs11";
    private readonly PlatformKey _key;
    private readonly Lock _session = new();

    private Pkcs11Key(PlatformKey key) => _key = key;

    public SignatureAlgorithm Algorithm => _key.Algorithm;

    public SubjectPublicKey PublicKey => _key.PublicKey;

    /// <param name="secret">"pkcs11:token=…;object=…;type=private?pin-value=…" (RFC 7512); zeroed.</param>
    internal static Pkcs11Key Open(byte[] secret)
    {
        try
        {
            var uri = Encoding.UTF8.GetString(secret);
            using var handle = SafeEvpPKeyHandle.OpenPrivateKeyFromEngine(Engine, uri);
            return new Pkcs11Key(new PlatformKey(Algorithmic(handle)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (_session)
        {
            return _key.Sign(data);
        }
    }

    public void Dispose() => _key.Dispose();

    private static AsymmetricAlgorithm Algorithmic(SafeEvpPKeyHandle handle)
    {
        try
        {
            return new ECDsaOpenSsl(handle);
        }
        catch (CryptographicException)
        {
            return new RSAOpenSsl(handle);
        }
    }
}
