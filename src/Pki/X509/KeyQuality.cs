namespace Countersign.Pki.X509;

/// <summary>Something wrong with a public key.</summary>
/// <param name="Code"><c>weak_key</c> or <c>unsupported_key</c>.</param>
/// <param name="Rule">Stable name of the check, such as "rsa_roca".</param>
/// <param name="Citation">Where the rule comes from.</param>
/// <param name="Detail">The facts.</param>
public sealed record KeyFlaw(string Code, string Rule, string Citation, string Detail);

/// <summary>What a key must be before this CA certifies it.</summary>
public static class KeyQuality
{
    /// <summary>Every flaw found; empty for a good key.</summary>
    public static IReadOnlyList<KeyFlaw> Flaws(SubjectPublicKey key) => key.Kind switch
    {
        KeyKind.Rsa => [.. RsaQuality.Flaws(key)],
        KeyKind.EcP256 or KeyKind.EcP384 or KeyKind.EcP521 => EcPoint.Flaws(key),
        _ => [new KeyFlaw(Refusal.UnsupportedKey, "key_kind", "RFC 5480, 2.1.1; RFC 3279, 2.3.1", $"{key.Description} is not accepted: use RSA 2048 to 8192, EC P-256, P-384 or P-521")],
    };

    /// <summary>Throws for the first flaw.</summary>
    /// <exception cref="RefusalException"><c>weak_key</c>, <c>unsupported_key</c></exception>
    public static void Ensure(SubjectPublicKey key)
    {
        if (Flaws(key) is [var flaw, ..])
        {
            throw new RefusalException(flaw.Code, flaw.Detail);
        }
    }
}
