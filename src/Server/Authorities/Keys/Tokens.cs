using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Hosting;

namespace Countersign.Server.Authorities.Keys;

/// <summary>
/// PKCS#11 tokens: key pairs are made in them by their own programs and named here by a URI (RFC 7512). The PIN is read from a file at every
/// opening; it is in no database, no log and no URI that leaves this class.
/// </summary>
internal sealed class Tokens(CountersignOptions options)
{
    private const string Scheme = "pkcs11:";
    private const int LongestUri = 1000;
    private const int LongestPin = 256;
    private static readonly string[] NotHere = ["pin-value", "pin-source", "module-path", "module-name"];

    /// <summary>The key pair a URI names.</summary>
    /// <exception cref="RefusalException">malformed, token_unavailable, weak_key</exception>
    internal KeyPair Take(string uri)
    {
        EnsureUri(uri);
        var key = Open(uri);
        try
        {
            KeyQuality.Ensure(key.PublicKey);
            return KeyPair.InToken(key, uri);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <exception cref="RefusalException">token_unavailable</exception>
    internal Pkcs11Key Open(string uri)
    {
        var pin = Pin();
        try
        {
            return Pkcs11Key.Open(uri, uri + (uri.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "pin-value=" + Uri.EscapeDataString(pin));
        }
        catch (CryptographicException e)
        {
            throw new RefusalException(
                Refusal.TokenUnavailable, $"{uri} was not opened: the token or the key is not there, the PIN in {options.TokenPinFile} is wrong, or PKCS11_MODULE_PATH does not name the token's library", e);
        }
    }

    private string Pin()
    {
        if (options.TokenPinFile is not { Length: > 0 } file)
        {
            throw new RefusalException(Refusal.TokenUnavailable, "the server was started without --token-pin-file");
        }

        try
        {
            using var text = new StreamReader(PrivateFiles.OpenSecret(file));
            var pin = text.ReadToEnd().TrimEnd('\r', '\n');
            return pin.Length is > 0 and <= LongestPin ? pin : throw new RefusalException(Refusal.TokenUnavailable, $"{file} does not hold a PIN");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusalException(Refusal.TokenUnavailable, $"{file} cannot be read", e);
        }
        catch (InvalidOperationException readable)
        {
            throw new RefusalException(Refusal.TokenUnavailable, readable.Message, readable);
        }
    }

    private static void EnsureUri(string uri)
    {
        var query = uri.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? uri : uri[..query];
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal) || uri.Length > LongestUri || uri.Any(c => c is <= ' ' or > '~') || !(Has(path, "object") || Has(path, "id")))
        {
            throw new RefusalException(Refusal.Malformed, "a key in a token is named by a PKCS#11 URI with the token and the object or id: pkcs11:token=ca;object=issuing");
        }

        if (query >= 0 && Array.Exists(NotHere, name => uri.AsSpan(query).Contains(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new RefusalException(Refusal.Malformed, "a PIN or a library in the URI would be seen by others; they belong into the file of --token-pin-file and into PKCS11_MODULE_PATH");
        }
    }

    private static bool Has(string path, string attribute) =>
        path[Scheme.Length..].Split(';').Any(a => a.StartsWith(attribute + "=", StringComparison.Ordinal) && a.Length > attribute.Length + 1);
}
