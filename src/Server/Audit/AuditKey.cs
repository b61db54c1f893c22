using System.Security.Cryptography;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Storage;

namespace Countersign.Server.Audit;

/// <summary>ECDSA P-256, sealed at rest, shared by all servers of the installation; made when it is first needed.</summary>
internal sealed class AuditKey(Database database, Sealing sealing, TimeProvider time) : IDisposable
{
    private const string Row = "checkpoints";
    private const string Purpose = "audit-key";

    private readonly SemaphoreSlim _loading = new(1);
    private ECDsa? _key;
    private byte[] _publicKey = [];

    /// <summary>Signs with SHA-256; DER. Also the SubjectPublicKeyInfo of the key.</summary>
    internal async Task<(byte[] Signature, byte[] PublicKey)> Sign(Func<byte[], byte[]> dataFor, CancellationToken ct)
    {
        await _loading.WaitAsync(ct);
        try
        {
            _key ??= await Load(ct);
            return (_key.SignData(dataFor(_publicKey), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence), _publicKey);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>SHA-256 of the public key, lower-case hexadecimal: what people compare.</summary>
    internal async Task<string> Fingerprint(CancellationToken ct)
    {
        await _loading.WaitAsync(ct);
        try
        {
            _key ??= await Load(ct);
            return Convert.ToHexStringLower(SHA256.HashData(_publicKey));
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose()
    {
        _key?.Dispose();
        _loading.Dispose();
    }

    private async Task<ECDsa> Load(CancellationToken ct)
    {
        var row = await Read(ct);
        if (row is null)
        {
            await Make(ct);
            row = await Read(ct) ?? throw new InvalidOperationException("The audit key was not written.");
        }

        var pkcs8 = sealing.Open(Purpose, Row, row.Sealed);
        try
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            _publicKey = row.PublicKey;
            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private async Task Make(CancellationToken ct)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pkcs8 = key.ExportPkcs8PrivateKey();
        var @sealed = sealing.Seal(Purpose, Row, pkcs8);
        CryptographicOperations.ZeroMemory(pkcs8);

        // Another server may be first: then its key counts.
        await database.Write(
            $"""
            INSERT INTO audit_keys (id, organisation_id, public_key, sealed, created_at)
            VALUES ({Row}, '', {key.ExportSubjectPublicKeyInfo()}, {@sealed}, {time.GetUtcNow()}) ON CONFLICT (id) DO NOTHING
            """,
            ct);
    }

    private Task<KeyRow?> Read(CancellationToken ct) =>
        database.ReadOne<KeyRow>($"SELECT public_key, sealed FROM audit_keys WHERE id = {Row}", ct);

    private sealed record KeyRow(byte[] PublicKey, byte[] Sealed);
}
