using System.Runtime.CompilerServices;
using Countersign.Pki.X509;

namespace Countersign.Pki.Lint;

/// <summary>
/// Flaws of a key, worked out once per key object: a request's key is judged when it arrives, shown to the officer, and judged again when it is signed,
/// and the arithmetic on an RSA modulus costs more than all other rules together.
/// </summary>
internal static class KeyFindings
{
    private static readonly ConditionalWeakTable<SubjectPublicKey, IReadOnlyList<KeyFlaw>> Known = [];

    // an EC key is judged by its kind alone: not worth an entry that the collector must follow
    public static IReadOnlyList<KeyFlaw> Of(SubjectPublicKey key) =>
        key.Kind == KeyKind.Rsa ? Known.GetValue(key, static k => KeyQuality.Flaws(k)) : KeyQuality.Flaws(key);
}
