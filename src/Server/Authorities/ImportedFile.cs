using System.Security.Cryptography;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Pki.Pkcs12;
using Countersign.Pki.X509;
using Countersign.Server.Authorities.Keys;

namespace Countersign.Server.Authorities;

/// <summary>A certificate with the key pair that belongs to it.</summary>
internal sealed record KeyedCertificate(Certificate Certificate, KeyPair Key);

/// <summary>Certificates and keys out of what was pasted or uploaded, with every key beside its certificate. Dispose it to drop the keys.</summary>
internal sealed class ImportedFile : IDisposable
{
    private const int MostCertificates = 20;
    private const int MostKeys = 2;

    private ImportedFile(IReadOnlyList<Certificate> certificates, IReadOnlyList<PrivateKeyFile> keys)
    {
        Certificates = [.. certificates.DistinctBy(c => c.Sha256)];
        Keys = keys;
    }

    internal IReadOnlyList<Certificate> Certificates { get; }

    internal IReadOnlyList<PrivateKeyFile> Keys { get; }

    /// <exception cref="RefusalException">malformed, bad_password, unsupported_key, unsupported_encryption, request_too_large</exception>
    internal static ImportedFile Read(ImportAuthority body)
    {
        var file = (body.Pem, body.Pkcs12) switch
        {
            ({ Length: > 0 } pem, null or "") => FromPem(Encoding.UTF8.GetBytes(pem), body.Password),
            (null or "", { Length: > 0 } pkcs12) => FromPkcs12(pkcs12, body.Password),
            _ => throw new RefusalException(Refusal.Malformed, "either PEM text or a PKCS#12 file is needed"),
        };
        if (file.Certificates.Count is 0 or > MostCertificates || file.Keys.Count + InToken(body) is 0 or > MostKeys)
        {
            var found = $"{file.Certificates.Count} certificates and {file.Keys.Count} private keys were found";
            file.Dispose();
            throw new RefusalException(Refusal.Malformed, $"{found}; needed are a certificate with its private key, or two of each, and the certificates above them");
        }

        return file;
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

    private static ImportedFile FromPem(byte[] text, string? password)
    {
        var certificates = new List<Certificate>();
        var keys = new List<PrivateKeyFile>();
        try
        {
            foreach (var block in PemFile.Read(text))
            {
                if (block.Label == "CERTIFICATE")
                {
                    certificates.Add(Certificate.Decode(block.Der));
                }
                else if (block.Label == "PKCS7")
                {
                    certificates.AddRange(Certificate.ReadBundle(block.Der));
                }
                else if (block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
                {
                    keys.Add(ReadKey(block, password));
                }
            }

            return new ImportedFile(certificates, keys);
        }
        catch (RefusalException)
        {
            keys.ForEach(k => k.Dispose());
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
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

    private static ImportedFile FromPkcs12(string base64, string? password)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
        {
            throw new RefusalException(Refusal.Malformed, "the PKCS#12 file is not base64");
        }

        using var contents = Pkcs12File.Read(bytes.AsMemory(0, length), password);
        return new ImportedFile(contents.Certificates, contents.PrivateKey is { } key ? [PrivateKeyFile.FromPkcs8(key)] : []);
    }
}
