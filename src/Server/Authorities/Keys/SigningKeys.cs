using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Pki.Pkcs12;
using Countersign.Pki.Signing;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities.Keys;

/// <summary>What a signing key is for.</summary>
internal enum KeyPurpose
{
    Root,
    Issuing,
    Ocsp,
}

/// <summary>
/// The private keys of authorities and OCSP signers: sealed rows of the database, so that several servers share them, opened into the platform's
/// cryptography once per process. A root's key is opened for one act at a time and has a second seal of its own.
/// </summary>
internal sealed partial class SigningKeys(Sealing sealing, Tokens tokens, TimeProvider time, RandomNumberGenerator random, ILogger<SigningKeys> log) : IDisposable
{
    internal const string SealedFile = "sealed-file";
    internal const string Token = "pkcs11";
    internal const string Elsewhere = "elsewhere";
    private const string Seal = "signing-key";

    private readonly ConcurrentDictionary<string, ISigningKey> _open = new();

    // A token locks itself after a few wrong PINs: whatever did not open is not tried again by itself before the next start.
    private readonly ConcurrentDictionary<string, byte> _refused = new();

    /// <summary>The key pair a URI names in a token, or a new one of this type.</summary>
    /// <exception cref="RefusalException">malformed, token_unavailable, weak_key, unsupported_key</exception>
    internal KeyPair Take(string? tokenUri, string? type) => string.IsNullOrEmpty(tokenUri) ? KeyPair.Make(type) : tokens.Take(tokenUri);

    /// <summary>Adds a key pair to a unit, wherever it is; its id.</summary>
    /// <param name="passphrase">Only for roots: the second seal. Nothing for a key in a token.</param>
    internal string Add(WriteUnit unit, string organisationId, KeyPurpose purpose, KeyPair pair, string? passphrase) =>
        pair.Secret is { } secret ? Add(unit, organisationId, purpose, secret, passphrase) : AddToken(unit, organisationId, purpose, pair.TokenUri!, pair.PublicKey.Spki.Span);

    /// <summary>Adds a key to a unit; its id.</summary>
    /// <param name="passphrase">Only for roots: the second seal.</param>
    internal string Add(WriteUnit unit, string organisationId, KeyPurpose purpose, AsymmetricAlgorithm key, string? passphrase)
    {
        var id = Ids.New(time, random);
        var pkcs8 = key.ExportPkcs8PrivateKey();
        byte[]? inner = null;
        try
        {
            inner = passphrase is null ? pkcs8 : PassphraseSeal.Seal(passphrase, pkcs8, random);
            Insert(unit, organisationId, id, purpose, SealedFile, key.ExportSubjectPublicKeyInfo(), sealing.Seal(Seal, id, inner));
            return id;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
            CryptographicOperations.ZeroMemory(inner);
        }
    }

    // Kept is where it is; the PIN is not.
    private string AddToken(WriteUnit unit, string organisationId, KeyPurpose purpose, string uri, ReadOnlySpan<byte> spki)
    {
        var id = Ids.New(time, random);
        Insert(unit, organisationId, id, purpose, Token, spki.ToArray(), sealing.Seal(Seal, id, System.Text.Encoding.UTF8.GetBytes(uri)));
        return id;
    }

    /// <summary>The key of an authority that signs by itself; null when it is elsewhere or cannot be opened (which is logged).</summary>
    internal ISigningKey? Open(AuthorityRow row) => row is { KeyId: { } id, Sealed: { } secret, Custody: { } custody } ? Open(id, custody, secret) : null;

    internal ISigningKey? Open(string id, string custody, byte[] secret)
    {
        if (_open.TryGetValue(id, out var known))
        {
            return known;
        }

        try
        {
            if (_refused.ContainsKey(id))
            {
                return null;
            }

            ISigningKey opened = custody == Token ? FromToken(sealing.Open(Seal, id, secret)) : FromFile(sealing.Open(Seal, id, secret));
            var kept = _open.GetOrAdd(id, opened);
            if (!ReferenceEquals(kept, opened))
            {
                opened.Dispose();
            }

            return kept;
        }
        catch (Exception e) when (e is CryptographicException or RefusalException)
        {
            _refused[id] = 0;
            CannotOpen(log, e, id, custody);
            return null;
        }
    }

    /// <summary>A root's key for one act; the caller disposes of it.</summary>
    /// <exception cref="RefusalException">bad_passphrase, token_unavailable</exception>
    internal ISigningKey OpenRoot(string id, string custody, byte[] secret, string? passphrase)
    {
        var inner = sealing.Open(Seal, id, secret);
        try
        {
            return custody == Token ? FromToken(inner) : FromFile(PassphraseSeal.Open(passphrase, inner));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(inner);
        }
    }

    public void Dispose()
    {
        foreach (var key in _open.Values)
        {
            key.Dispose();
        }

        _open.Clear();
    }

    private Pkcs11Key FromToken(byte[] uri) => tokens.Open(System.Text.Encoding.UTF8.GetString(uri));

    private static PlatformKey FromFile(byte[] pkcs8)
    {
        try
        {
            return new PlatformKey(PrivateKeyFile.FromPkcs8(pkcs8).Key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private void Insert(WriteUnit unit, string organisationId, string id, KeyPurpose purpose, string custody, byte[] spki, byte[] secret) => unit.Add(
        $"""
        INSERT INTO signing_keys (id, organisation_id, purpose, custody, spki, sealed, created_at)
        VALUES ({id}, {organisationId}, {purpose}, {custody}, {spki}, {secret}, {time.GetUtcNow()})
        """);

    [LoggerMessage(Level = LogLevel.Error, Message = "The signing key {Id} ({Custody}) cannot be opened")]
    private static partial void CannotOpen(ILogger log, Exception cause, string id, string custody);
}
