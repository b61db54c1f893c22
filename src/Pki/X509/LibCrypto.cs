using System.Runtime.InteropServices;

namespace Countersign.Pki.X509;

/// <summary>
/// The platform's own OpenSSL, called directly for one thing: verifying ECDSA signatures. The framework's key import alone costs three times the verification; here the
/// curve is kept per thread and only the point changes. Setting the point checks that it is on the curve, which on curves of cofactor 1 is the whole validation of a public key
/// (NIST SP 800-56A, 5.6.2.3.4). <see cref="IsAvailable"/> is false where the library has other names; callers then go through the framework.
/// </summary>
internal static partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";

    [ThreadStatic]
    private static EcKeyHandle? _p256;

    [ThreadStatic]
    private static EcKeyHandle? _p384;

    [ThreadStatic]
    private static EcKeyHandle? _p521;

    /// <summary>The library and all its entry points are there.</summary>
    public static bool IsAvailable { get; } = Probe();

    /// <summary>A point in uncompressed form that is on the curve.</summary>
    public static bool IsOnCurve(KeyKind curve, ReadOnlySpan<byte> point) => SetPoint(KeyOf(curve), point);

    /// <summary>Verifies a DER signature over a hash; false for anything wrong, the key included.</summary>
    public static bool VerifyEcdsa(KeyKind curve, ReadOnlySpan<byte> point, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        var key = KeyOf(curve);
        if (!SetPoint(key, point))
        {
            return false;
        }

        var valid = EcdsaVerify(0, hash, hash.Length, signature, signature.Length, key) == 1;
        if (!valid)
        {
            ErrClearError(); // the queue belongs to the thread, and the framework reads it too
        }

        return valid;
    }

    private static bool SetPoint(EcKeyHandle key, ReadOnlySpan<byte> point)
    {
        var valid = EcKeyOct2Key(key, point, (nuint)point.Length, 0) == 1;
        if (!valid)
        {
            ErrClearError();
        }

        return valid;
    }

    private static EcKeyHandle KeyOf(KeyKind curve) => curve switch
    {
        KeyKind.EcP256 => _p256 ??= NewKey(415), // NID_X9_62_prime256v1
        KeyKind.EcP384 => _p384 ??= NewKey(715), // NID_secp384r1
        KeyKind.EcP521 => _p521 ??= NewKey(716), // NID_secp521r1
        _ => throw new ArgumentOutOfRangeException(nameof(curve)),
    };

    private static EcKeyHandle NewKey(int curve)
    {
        var key = EcKeyNewByCurveName(curve);
        return key.IsInvalid ? throw new PlatformNotSupportedException("OpenSSL does not have a NIST curve") : key;
    }

    private static bool Probe() =>
        NativeLibrary.TryLoad(Library, out var library)
        && Array.TrueForAll(
            ["EC_KEY_new_by_curve_name", "EC_KEY_oct2key", "ECDSA_verify", "EC_KEY_free", "ERR_clear_error"],
            name => NativeLibrary.TryGetExport(library, name, out _));

    [LibraryImport(Library, EntryPoint = "EC_KEY_new_by_curve_name")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial EcKeyHandle EcKeyNewByCurveName(int curve);

    [LibraryImport(Library, EntryPoint = "EC_KEY_oct2key")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EcKeyOct2Key(EcKeyHandle key, ReadOnlySpan<byte> point, nuint length, nint context);

    [LibraryImport(Library, EntryPoint = "ECDSA_verify")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EcdsaVerify(int type, ReadOnlySpan<byte> hash, int hashLength, ReadOnlySpan<byte> signature, int signatureLength, EcKeyHandle key);

    [LibraryImport(Library, EntryPoint = "EC_KEY_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void EcKeyFree(nint key);

    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ErrClearError();

    /// <summary>An EC_KEY; freed with its thread.</summary>
    private sealed class EcKeyHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            EcKeyFree(handle);
            return true;
        }
    }
}
