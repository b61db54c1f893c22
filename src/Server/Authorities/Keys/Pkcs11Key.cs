using System.Security.Cryptography;
using Countersign.Pki;
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

    private readonly string _name;

    private Pkcs11Key(PlatformKey key, string name) => (_key, _name) = (key, name);

    public SignatureAlgorithm Algorithm => _key.Algorithm;

    public SubjectPublicKey PublicKey => _key.PublicKey;

    /// <param name="name">What it is called in messages.</param>
    /// <param name="uri">"pkcs11:token=…;object=…?pin-value=…" (RFC 7512).</param>
    /// <exception cref="CryptographicException">No such engine, token or key, or a wrong PIN.</exception>
    internal static Pkcs11Key Open(string name, string uri)
    {
        using var handle = SafeEvpPKeyHandle.OpenPrivateKeyFromEngine(Engine, uri);
        return new Pkcs11Key(new PlatformKey(Algorithmic(handle)), name);
    }

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        try
        {
            lock (_session)
            {
                return _key.Sign(data);
            }
        }
        catch (CryptographicException e)
        {
            throw new RefusalException(Refusal.TokenUnavailable, $"{_name} did not sign", e);
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
