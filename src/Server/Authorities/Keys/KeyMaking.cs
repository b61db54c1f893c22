using System.Security.Cryptography;
using Countersign.Pki;

namespace Countersign.Server.Authorities.Keys;

/// <summary>The key types an authority may be made with. None is below the least that is accepted anywhere (X-1).</summary>
internal static class KeyMaking
{
    internal const string Default = "ecP256";

    /// <summary>In the order they are offered. On OpenSSL 3.0 a P-384 authority signs about 40 times slower than a P-256 one.</summary>
    internal static readonly IReadOnlyList<string> Types = [Default, "ecP384", "rsa3072", "rsa4096"];

    /// <exception cref="RefusalException">weak_key, unsupported_key</exception>
    internal static AsymmetricAlgorithm Make(string? type) => type switch
    {
        null or "" or Default => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "ecP384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        "rsa3072" => RSA.Create(3072),
        "rsa4096" => RSA.Create(4096),
        "rsa1024" or "rsa512" => throw new RefusalException(Refusal.WeakKey, $"{type} is not made; the key types are {string.Join(", ", Types)}"),
        _ => throw new RefusalException(Refusal.UnsupportedKey, $"the key types are {string.Join(", ", Types)}"),
    };
}
