using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Pki.Pkcs12;
using Countersign.Pki.X509;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Storage;

namespace Countersign.Server.Nodes;

/// <summary>A key that was made for a slot, as it is kept.</summary>
internal sealed record SlotKey(string Id, byte[] Sealed, bool Exportable);

/// <summary>Private keys of slots whose appliance cannot make its own: sealed, and destroyed with the request they were made for or with the node.</summary>
internal sealed class SlotKeys(Database database, Sealing sealing, TimeProvider time, RandomNumberGenerator random)
{
    private const string Purpose = "slot-key";

    /// <summary>In the order they are offered; the first is the default (B6). Nothing is made that is refused elsewhere (X-1).</summary>
    internal static IReadOnlyList<string> Types { get; } = ["rsa3072", "rsa2048", "rsa4096", "ecP256", "ecP384"];

    /// <exception cref="RefusalException">weak_key, unsupported_key</exception>
    internal static AsymmetricAlgorithm Make(string? type) => type switch
    {
        null or "" or "rsa3072" => RSA.Create(3072),
        "rsa2048" => RSA.Create(2048),
        "rsa4096" => RSA.Create(4096),
        "ecP256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "ecP384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        "rsa512" or "rsa1024" => throw new RefusalException(Refusal.WeakKey, $"{type} is not made; the key types are {string.Join(", ", Types)}"),
        _ => throw new RefusalException(Refusal.UnsupportedKey, $"the key types are {string.Join(", ", Types)}"),
    };

    /// <summary>Adds a key to a unit; its id.</summary>
    internal string Add(WriteUnit unit, string organisationId, string slotId, AsymmetricAlgorithm key, bool exportable)
    {
        var id = Ids.New(time, random);
        var pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            unit.Add(
                $"""
                INSERT INTO slot_keys (id, organisation_id, slot_id, spki_sha256, sealed, exportable, created_at)
                VALUES ({id}, {organisationId}, {slotId}, {SHA256.HashData(key.ExportSubjectPublicKeyInfo())}, {sealing.Seal(Purpose, id, pkcs8)}, {exportable}, {time.GetUtcNow()})
                """);
            return id;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>Nobody can use it any more.</summary>
    internal void Destroy(WriteUnit unit, string keyId) =>
        unit.Add($"UPDATE slot_keys SET sealed = NULL, destroyed_at = {time.GetUtcNow()} WHERE id = {keyId} AND destroyed_at IS NULL");

    /// <summary>The slot's key for this public key, as long as it is kept.</summary>
    internal Task<SlotKey?> Find(string slotId, SubjectPublicKey publicKey, CancellationToken ct) => database.ReadOne<SlotKey>(
        $"SELECT id, sealed, exportable FROM slot_keys WHERE slot_id = {slotId} AND spki_sha256 = {SHA256.HashData(publicKey.Spki.Span)} AND destroyed_at IS NULL", ct);

    /// <exception cref="RefusalException">not_found</exception>
    internal async Task<SlotKey> Get(string keyId, CancellationToken ct) =>
        await database.ReadOne<SlotKey>($"SELECT id, sealed, exportable FROM slot_keys WHERE id = {keyId} AND destroyed_at IS NULL", ct)
        ?? throw new RefusalException(Refusal.NotFound, "the private key was destroyed");

    /// <summary>For one act; the caller disposes of it.</summary>
    internal PrivateKeyFile Open(SlotKey key)
    {
        var pkcs8 = sealing.Open(Purpose, key.Id, key.Sealed);
        try
        {
            return PrivateKeyFile.FromPkcs8(pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }
}
