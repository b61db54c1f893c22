using System.Buffers;
using System.IO.Compression;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Pki.Pkcs12;
using Countersign.Pki.X509;

namespace Countersign.Server.Nodes;

/// <summary>
/// Whatever a vendor sends, told apart by content and not by name: PEM with any line ends and order, DER, PKCS#7, PKCS#12 with a password, ZIP with any of
/// these. Nothing twice. Dispose it to drop the keys.
/// </summary>
internal sealed class ImportedParts : IDisposable
{
    private const int LargestFile = 1024 * 1024;
    private const int MostFiles = 50;
    private const int MostCertificates = 50;
    private const int MostKeys = 5;

    private readonly Dictionary<string, Certificate> _certificates = new(StringComparer.Ordinal);
    private readonly List<PrivateKeyFile> _keys = [];
    private int _files;

    private ImportedParts()
    {
    }

    internal IReadOnlyList<Certificate> Certificates => [.. _certificates.Values];

    internal IReadOnlyList<PrivateKeyFile> Keys => _keys;

    /// <exception cref="RefusalException">malformed, bad_password, unsupported_key, unsupported_encryption, request_too_large</exception>
    internal static ImportedParts Read(ImportIntoSlot body)
    {
        var parts = new ImportedParts();
        try
        {
            if (!string.IsNullOrWhiteSpace(body.Pem))
            {
                parts.Take("what was pasted", Encoding.UTF8.GetBytes(body.Pem), body.Password, isInZip: false);
            }

            foreach (var file in body.Files)
            {
                parts.Take(file.Name, file.Content, body.Password, isInZip: false);
            }

            return parts._certificates.Count > 0 ? parts : throw new RefusalException(Refusal.Malformed, "there is no certificate in it");
        }
        catch (RefusalException)
        {
            parts.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }

    private void Take(string name, byte[] content, string? password, bool isInZip)
    {
        if (content.Length > LargestFile || ++_files > MostFiles)
        {
            throw new RefusalException(Refusal.RequestTooLarge, content.Length > LargestFile ? $"{name} has {content.Length} bytes, at most {LargestFile} are read" : $"at most {MostFiles} files are read");
        }

        if (content.AsSpan().StartsWith("PK\u0003\u0004"u8))
        {
            Unpack(name, content, password, isInZip);
        }
        else if (PemFile.LooksLikeDer(content))
        {
            TakeDer(name, content, password);
        }
        else
        {
            TakePem(name, content, password, isInZip);
        }
    }

    private void Unpack(string name, byte[] content, string? password, bool isInZip)
    {
        if (isInZip)
        {
            throw new RefusalException(Refusal.Malformed, $"{name} is a ZIP in a ZIP: unpack it");
        }

        try
        {
            using var zip = new ZipArchive(new MemoryStream(content, writable: false));
            foreach (var entry in zip.Entries.Where(e => e.Length > 0))
            {
                Take(entry.FullName, Content(entry), password, isInZip: true);
            }
        }
        catch (InvalidDataException e)
        {
            throw new RefusalException(Refusal.Malformed, $"{name} is not a whole ZIP file", e);
        }
    }

    // The size a ZIP says of itself is not believed.
    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var packed = entry.Open();
        var content = new ArrayBufferWriter<byte>();
        while (content.WrittenCount <= LargestFile)
        {
            var read = packed.Read(content.GetSpan(16 * 1024));
            if (read == 0)
            {
                return content.WrittenSpan.ToArray();
            }

            content.Advance(read);
        }

        throw new RefusalException(Refusal.RequestTooLarge, $"{entry.FullName} has more than {LargestFile} bytes");
    }

    // A vendor's readme lies beside the certificates: passed over in a ZIP, refused where somebody chose it.
    private void TakePem(string name, byte[] content, string? password, bool isInZip)
    {
        var blocks = PemFile.Read(content);
        if (blocks.Count == 0)
        {
            if (!isInZip)
            {
                throw new RefusalException(Refusal.Malformed, $"{name} has no line -----BEGIN …-----, and is no other form of a certificate either");
            }

            return;
        }

        foreach (var block in blocks)
        {
            if (block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            {
                Keep(PrivateKeyFile.Read(Encoding.ASCII.GetBytes(PemFile.Write(block.Label, block.Der)), password));
            }
            else if (block.Label is "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE")
            {
                Keep([Certificate.Decode(block.Der)]);
            }
            else if (block.Label is "PKCS7" or "CMS")
            {
                Keep(Certificate.ReadBundle(block.Der));
            }
        }
    }

    private void TakeDer(string name, byte[] content, string? password)
    {
        // Certificate or PKCS#7, then PKCS#12, then a key: whoever recognises it first.
        if (Try(() => Certificate.ReadBundle(content)) is { } certificates)
        {
            Keep(certificates);
        }
        else if (Try(() => PrivateKeyFile.Read(content, password)) is { } key)
        {
            Keep(key);
        }
        else
        {
            using var store = ReadStore(name, content, password);
            Keep(store.Certificates);
            foreach (var secret in store.PrivateKeys)
            {
                Keep(PrivateKeyFile.FromPkcs8(secret));
            }
        }
    }

    private static Pkcs12Contents ReadStore(string name, byte[] content, string? password)
    {
        try
        {
            return Pkcs12File.Read(content, password);
        }
        catch (RefusalException other) when (other.Code == Refusal.Malformed)
        {
            throw new RefusalException(Refusal.Malformed, $"{name} is none of PEM, DER, PKCS#7, PKCS#12 and ZIP", other);
        }
    }

    private static T? Try<T>(Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (RefusalException other) when (other.Code != Refusal.BadPassword)
        {
            return null;
        }
    }

    private void Keep(IEnumerable<Certificate> certificates)
    {
        foreach (var certificate in certificates)
        {
            _certificates.TryAdd(certificate.Sha256, certificate);
        }

        if (_certificates.Count > MostCertificates)
        {
            throw new RefusalException(Refusal.RequestTooLarge, $"at most {MostCertificates} certificates are read");
        }
    }

    private void Keep(PrivateKeyFile key)
    {
        if (_keys.Exists(k => k.PublicKey.Spki.Span.SequenceEqual(key.PublicKey.Spki.Span)))
        {
            key.Dispose();
            return;
        }

        _keys.Add(key);
        if (_keys.Count > MostKeys)
        {
            throw new RefusalException(Refusal.RequestTooLarge, $"at most {MostKeys} private keys are read");
        }
    }
}
