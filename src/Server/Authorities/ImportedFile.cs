using System.Security.Cryptography;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Pki.Pem;
using Countersign.Pki.Pkcs12;
using Countersign.Pki.X509;
using Countersign.Server.Authorities.Keys;

namespace Countersign.Server.Authorities;

/// <summary>A certificate with the key pair that belongs to it.</summary>
internal sealed record KeyedCertificate(Certificate Certificate, KeyPair Key);

/// <summary>Certificates, keys and revocation lists out of what was pasted or uploaded, with every key beside its certificate. Dispose it to drop the keys.</summary>
internal sealed class ImportedFile : IDisposable
{
    private const int MostCertificates = 20;
    private const int MostKeys = 2;
    private const int MostLists = 10;
    private const int LargestLists = 16 * 1024 * 1024;
    private const string CrlLabel = "X509 CRL";

    private readonly List<Certificate> _certificates = [];
    private readonly List<PrivateKeyFile> _keys = [];
    private readonly List<CrlReader> _lists = [];

    private ImportedFile()
    {
    }

    internal IReadOnlyList<Certificate> Certificates => _certificates;

    internal IReadOnlyList<PrivateKeyFile> Keys => _keys;

    internal IReadOnlyList<CrlReader> Lists => _lists;

    /// <summary>PEM text and up to two PKCS#12 files together: root and subordinate may come in one file or in two.</summary>
    /// <exception cref="RefusalException">malformed, bad_password, unsupported_key, unsupported_encryption, request_too_large</exception>
    internal static ImportedFile Read(ImportAuthority body)
    {
        var file = new ImportedFile();
        try
        {
            file.TakePem(body.Pem, body.Password);
            file.TakePkcs12(body.Pkcs12, body.Password);
            file.TakePkcs12(body.SecondPkcs12, body.SecondPassword ?? body.Password);
            file.TakeLists(body.Crl);
            file.EnsureComplete(body);
            return file;
        }
        catch (RefusalException)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Each key with its certificate.</summary>
    /// <param name="inToken">A key that is not in the file.</param>
    /// <exception cref="RefusalException">key_mismatch</exception>
    internal IReadOnlyList<KeyedCertificate> Pairs(KeyPair? inToken) =>
        [.. Keys.Select(KeyPair.OfFile).Concat(inToken is null ? [] : [inToken]).Select(k => new KeyedCertificate(CertificateOf(k), k))];

    public void Dispose()
    {
        foreach (var key in Keys)
        {
            key.Dispose();
        }
    }

    private static int InToken(ImportAuthority body) => string.IsNullOrEmpty(body.KeyUri) ? 0 : 1;

    private Certificate CertificateOf(KeyPair key) =>
        Certificates.FirstOrDefault(c => c.Key.KeyBits.Span.SequenceEqual(key.PublicKey.KeyBits.Span))
        ?? throw new RefusalException(
            Refusal.KeyMismatch, $"the private key ({key.PublicKey.Description}) belongs to none of the certificates: {string.Join("; ", Certificates.Select(c => c.Subject.ToString()))}");

    private void EnsureComplete(ImportAuthority body)
    {
        if (_certificates.Count is 0 or > MostCertificates || _keys.Count + InToken(body) is 0 or > MostKeys || _lists.Count > MostLists)
        {
            throw new RefusalException(
                Refusal.Malformed,
                $"{_certificates.Count} certificates, {_keys.Count} private keys and {_lists.Count} revocation lists were found; needed are a certificate with its private key, or two of each, "
                + "the certificates above them, and their last revocation lists");
        }
    }

    private void TakePem(string? pem, string? password)
    {
        if (string.IsNullOrEmpty(pem))
        {
            return;
        }

        var text = Encoding.UTF8.GetBytes(pem);
        try
        {
            foreach (var block in PemFile.Read(text))
            {
                if (block.Label == "CERTIFICATE")
                {
                    Take(Certificate.Decode(block.Der));
                }
                else if (block.Label == "PKCS7")
                {
                    Take([.. Certificate.ReadBundle(block.Der)]);
                }
                else if (block.Label == CrlLabel)
                {
                    _lists.Add(CrlReader.Decode(block.Der));
                }
                else if (block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
                {
                    Take(ReadKey(block, password));
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private void TakePkcs12(string? base64, string? password)
    {
        if (string.IsNullOrEmpty(base64))
        {
            return;
        }

        using var contents = Pkcs12File.Read(FromBase64(base64, "PKCS#12 file"), password);
        Take([.. contents.Certificates]);
        foreach (var key in contents.PrivateKeys)
        {
            Take(PrivateKeyFile.FromPkcs8(key));
        }
    }

    private void TakeLists(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        if (!text.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            _lists.Add(CrlReader.Decode(FromBase64(text, "revocation list")));
            return;
        }

        _lists.AddRange(PemFile.Read(Encoding.UTF8.GetBytes(text), LargestLists).Where(b => b.Label == CrlLabel).Select(b => CrlReader.Decode(b.Der)));
    }

    private void Take(params IEnumerable<Certificate> certificates) => _certificates.AddRange(certificates.Where(c => _certificates.TrueForAll(k => k.Sha256 != c.Sha256)));

    // The same key may come in both files.
    private void Take(PrivateKeyFile key)
    {
        if (_keys.Exists(k => k.PublicKey.KeyBits.Span.SequenceEqual(key.PublicKey.KeyBits.Span)))
        {
            key.Dispose();
            return;
        }

        _keys.Add(key);
    }

    private static byte[] FromBase64(string base64, string what)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64.Trim(), bytes, out var length) ? bytes[..length] : throw new RefusalException(Refusal.Malformed, $"the {what} is not base64");
    }

    private static PrivateKeyFile ReadKey(PemBlock block, string? password)
    {
        var pem = Encoding.ASCII.GetBytes(PemFile.Write(block.Label, block.Der));
        try
        {
            return PrivateKeyFile.Read(pem, password);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
            CryptographicOperations.ZeroMemory(block.Der);
        }
    }
}
