using System.Security.Cryptography;

namespace Countersign.Pki.X509;

/// <summary>Public keys on the NIST curves.</summary>
internal static class EcPoint
{
    /// <summary>Uncompressed (RFC 5480, 2.2) and of the curve's length; this also keeps the point at infinity out.</summary>
    public static bool HasForm(KeyKind curve, ReadOnlySpan<byte> point) => point.Length == LengthOf(curve) && point[0] == 4;

    public static KeyFlaw[] Flaws(SubjectPublicKey key)
    {
        if (!HasForm(key.Kind, key.KeyBits.Span))
        {
            return [new(Refusal.UnsupportedKey, "ec_point_form", "RFC 5480, 2.2", $"The {key.Description} key is not an uncompressed point of the right length")];
        }

        return IsOnCurve(key) ? [] : [new(Refusal.UnsupportedKey, "ec_point_on_curve", "NIST SP 800-56A, 5.6.2.3.4", $"The {key.Description} key is not a point of its curve")];
    }

    private static int LengthOf(KeyKind curve) => curve switch
    {
        KeyKind.EcP256 => 65,
        KeyKind.EcP384 => 97,
        _ => 133,
    };

    private static bool IsOnCurve(SubjectPublicKey key)
    {
        if (LibCrypto.IsAvailable)
        {
            return LibCrypto.IsOnCurve(key.Kind, key.KeyBits.Span);
        }

        try
        {
            using var platformKey = ECDsa.Create();
            platformKey.ImportSubjectPublicKeyInfo(key.Spki.Span, out _);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
