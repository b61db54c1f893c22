using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Countersign.Pki.Pem;
using Countersign.Pki.X509;

namespace Countersign.Pki.Pkcs12;

/// <summary>A private key read from a file, as a key of the platform. Dispose it soon.</summary>
public sealed class PrivateKeyFile : IDisposable
{
    private static readonly string[] Labels = ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

    private PrivateKeyFile(AsymmetricAlgorithm key)
    {
        Key = key;
        PublicKey = SubjectPublicKey.Decode(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>An <see cref="RSA"/> or an <see cref="ECDsa"/>.</summary>
    public AsymmetricAlgorithm Key { get; }

    /// <summary>Its public half.</summary>
    public SubjectPublicKey PublicKey { get; }

    /// <summary>Reads PKCS#8, encrypted PKCS#8, RSAPrivateKey or ECPrivateKey in PEM (other blocks in the file are passed over), or the same in DER.</summary>
    /// <param name="pemOrDer">The file.</param>
    /// <param name="password">For an encrypted file; ignored for others.</param>
    /// <exception cref="RefusalException"><c>malformed</c>, <c>bad_password</c> (also when one is missing), <c>unsupported_key</c>, <c>unsupported_encryption</c></exception>
    public static PrivateKeyFile Read(ReadOnlySpan<byte> pemOrDer, string? password)
    {
        var (label, der) = Find(pemOrDer);
        try
        {
            return label switch
            {
                "RSA PRIVATE KEY" => FromRsa(der),
                "EC PRIVATE KEY" => FromEc(der),
                "ENCRYPTED PRIVATE KEY" => FromEncrypted(der, password),
                _ => FromPkcs8(der),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    /// <summary>Reads an unencrypted PKCS#8 PrivateKeyInfo.</summary>
    /// <exception cref="RefusalException"><c>malformed</c>, <c>unsupported_key</c></exception>
    public static PrivateKeyFile FromPkcs8(ReadOnlySpan<byte> privateKeyInfo) => Algorithm(privateKeyInfo.ToArray()) switch
    {
        Oids.RsaEncryption => Import(RSA.Create(), privateKeyInfo, static (key, der) => key.ImportPkcs8PrivateKey(der, out _)),
        Oids.EcPublicKey => Import(ECDsa.Create(), privateKeyInfo, static (key, der) => key.ImportPkcs8PrivateKey(der, out _)),
        var other => throw new RefusalException(Refusal.UnsupportedKey, $"Private keys of algorithm {other} are not taken: use RSA or EC"),
    };

    /// <summary>PKCS#8 PrivateKeyInfo in DER, unencrypted: wipe it after use.</summary>
    public byte[] ToPkcs8() => Key.ExportPkcs8PrivateKey();

    /// <summary>Throws unless the certificate certifies this key.</summary>
    /// <exception cref="RefusalException"><c>key_mismatch</c></exception>
    public void EnsureMatches(Certificate certificate)
    {
        if (!PublicKey.KeyBits.Span.SequenceEqual(certificate.Key.KeyBits.Span))
        {
            throw new RefusalException(Refusal.KeyMismatch, $"The private key ({PublicKey.Description}) is not the one of the certificate {certificate.Subject} ({certificate.Key.Description})");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();

    private static (string Label, byte[] Der) Find(ReadOnlySpan<byte> pemOrDer)
    {
        if (PemFile.LooksLikeDer(pemOrDer))
        {
            var der = pemOrDer.ToArray();
            return (LabelOf(der), der);
        }

        var keys = PemFile.Read(pemOrDer).Where(block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)).ToList();
        return keys switch
        {
            [var one] when Labels.Contains(one.Label, StringComparer.Ordinal) => (one.Label, one.Der),
            [var one] => throw new RefusalException(Refusal.UnsupportedKey, $"A key of the form {one.Label} is not taken: convert it to PKCS#8 (openssl pkcs8 -topk8)"),
            [] => throw Malformed("No private key found"),
            _ => throw Malformed($"{keys.Count} private keys found, one is wanted"),
        };
    }

    // EncryptedPrivateKeyInfo starts with a SEQUENCE, the others with a version; then come SEQUENCE, OCTET STRING or INTEGER
    private static string LabelOf(byte[] der) => Guarded(der, static bytes =>
    {
        var content = new AsnCursor(bytes).Sequence();
        if (content.NextIs(UniversalTagNumber.Sequence))
        {
            return "ENCRYPTED PRIVATE KEY";
        }

        content.SmallInteger();
        return content.NextIs(UniversalTagNumber.OctetString) ? "EC PRIVATE KEY" : content.NextIs(UniversalTagNumber.Integer) ? "RSA PRIVATE KEY" : "PRIVATE KEY";
    });

    private static string Algorithm(byte[] privateKeyInfo) => Guarded(privateKeyInfo, static bytes =>
    {
        var content = new AsnCursor(bytes).Sequence();
        content.SmallInteger();
        return content.Sequence().Oid();
    });

    private static T Guarded<T>(byte[] der, Func<byte[], T> read)
    {
        try
        {
            return read(der);
        }
        catch (AsnContentException e)
        {
            throw Malformed("The private key cannot be read", e);
        }
    }

    private static PrivateKeyFile FromRsa(byte[] der) => Import(RSA.Create(), der, static (key, bytes) => key.ImportRSAPrivateKey(bytes, out _));

    private static PrivateKeyFile FromEc(byte[] der) => Import(ECDsa.Create(), der, static (key, bytes) => key.ImportECPrivateKey(bytes, out _));

    private static PrivateKeyFile FromEncrypted(byte[] der, string? password)
    {
        var plain = EncryptedKey.Decrypt(der, password);
        try
        {
            return FromPkcs8(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private delegate void ImportKey<in TKey>(TKey key, ReadOnlySpan<byte> der);

    private static PrivateKeyFile Import<TKey>(TKey key, ReadOnlySpan<byte> der, ImportKey<TKey> import)
        where TKey : AsymmetricAlgorithm
    {
        try
        {
            import(key, der);
            return new PrivateKeyFile(key);
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            key.Dispose();
            throw Malformed("The private key cannot be read", e);
        }
    }

    private static RefusalException Malformed(string detail, Exception? cause = null) => new(Refusal.Malformed, detail, cause);
}
