using System.Security.Cryptography;
using Countersign.Pki.Pkcs12;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Server.Authorities.Keys;

/// <summary>A key pair an authority is about to be made with: made here, read from a file, or in a token, where it stays.</summary>
internal sealed class KeyPair : IDisposable
{
    private KeyPair(ISigningKey signer, AsymmetricAlgorithm? secret, string? tokenUri) => (Signer, Secret, TokenUri) = (signer, secret, tokenUri);

    internal ISigningKey Signer { get; }

    internal SubjectPublicKey PublicKey => Signer.PublicKey;

    /// <summary>Null where it is not to be had.</summary>
    internal AsymmetricAlgorithm? Secret { get; }

    /// <summary>Where in which token, without a PIN.</summary>
    internal string? TokenUri { get; }

    internal static KeyPair OfFile(PrivateKeyFile file) => new(new PlatformKey(file.Key), file.Key, null);

    internal static KeyPair InToken(ISigningKey signer, string uri) => new(signer, null, uri);

    /// <exception cref="Pki.RefusalException">weak_key, unsupported_key</exception>
    internal static KeyPair Make(string? type)
    {
        var key = KeyMaking.Make(type);
        return new KeyPair(new PlatformKey(key), key, null);
    }

    public void Dispose() => Signer.Dispose();
}
