using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Pki.Ocsp;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>Signs OCSP answers about certificates of one authority: a delegate of 30 days that is replaced by itself (RFC 6960 4.2.2.2).</summary>
internal sealed class OcspSigner(Certificate certificate, ISigningKey key)
{
    private readonly OcspResponder _responder = new(certificate, key.Algorithm);

    internal DateTimeOffset NotAfter => certificate.NotAfter;

    /// <summary>From then on there should be another one: two thirds of its life.</summary>
    internal DateTimeOffset RenewAt => certificate.NotBefore + ((certificate.NotAfter - certificate.NotBefore) * 2 / 3);

    internal bool IsValid(DateTimeOffset now) => now >= certificate.NotBefore && now < NotAfter;

    internal bool IsCurrent(DateTimeOffset now) => now >= certificate.NotBefore && now < RenewAt;

    internal byte[] Answer(IReadOnlyList<OcspSingle> singles, DateTimeOffset producedAt, ReadOnlySpan<byte> nonce) => _responder.Answer(singles, producedAt, nonce, key);
}

/// <summary>The OCSP signers of all authorities, shared by all servers through the database.</summary>
internal sealed class OcspSigners(
    Database database, AuthorityDirectory directory, SigningKeys keys, AuthorityWriting writing, AuditTrail audit, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, OcspSigner> _signers = new();
    private readonly SemaphoreSlim _making = new(1);

    /// <summary>
    /// The signer of an authority; null when the authority's own key is not open here, or is past its end. One that is valid is used to its end:
    /// whether it can be renewed is no concern of those who ask.
    /// </summary>
    internal ValueTask<OcspSigner?> Of(string authorityId, CancellationToken ct) =>
        _signers.TryGetValue(authorityId, out var known) && known.IsValid(time.GetUtcNow()) ? new(known) : new(Ensure(authorityId, k => k.IsValid(time.GetUtcNow()), ct));

    /// <summary>The authorities whose signer is missing or past two thirds of its life.</summary>
    internal async Task<IReadOnlyList<string>> Due(CancellationToken ct) =>
        [.. (await directory.All(ct))
            .Where(a => a is { Kind: AuthorityKind.Issuing, HasOpenKey: true } && time.GetUtcNow() < a.Certificate.NotAfter
                && !(_signers.TryGetValue(a.Id, out var known) && known.IsCurrent(time.GetUtcNow())))
            .Select(a => a.Id)];

    /// <summary>Takes over another server's new signer, or makes one.</summary>
    internal Task Renew(string authorityId, CancellationToken ct) => Ensure(authorityId, k => k.IsCurrent(time.GetUtcNow()), ct);

    /// <summary>How long the present one can still be used; null when there is none.</summary>
    internal DateTimeOffset? UsableUntil(string authorityId) => _signers.TryGetValue(authorityId, out var known) ? known.NotAfter : null;

    public void Dispose() => _making.Dispose();

    private async Task<OcspSigner?> Ensure(string authorityId, Func<OcspSigner, bool> serves, CancellationToken ct)
    {
        if (await directory.ById(authorityId, ct) is not { Kind: AuthorityKind.Issuing, HasOpenKey: true } authority || time.GetUtcNow() >= authority.Certificate.NotAfter)
        {
            return null;
        }

        await _making.WaitAsync(ct);
        try
        {
            var kept = await Newest(authorityId, ct);
            if (kept is null || !serves(kept))
            {
                await Make(authority, ct);
                kept = await Newest(authorityId, ct) ?? kept;
            }

            if (kept is not null)
            {
                _signers[authorityId] = kept;
            }

            return kept;
        }
        finally
        {
            _making.Release();
        }
    }

    private async Task Make(IssuingAuthority authority, CancellationToken ct)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var common = new NameAttribute(Oids.CommonName, $"OCSP {authority.Id}");
        var subject = DistinguishedName.Of(authority.Certificate.Subject.Organization is { } organisation ? [new NameAttribute(Oids.Organization, organisation), common] : [common]);
        var certificate = writing.Sign(BuiltInProfiles.OcspSigner, authority.Facts, authority.Key, subject, SubjectPublicKey.Decode(key.ExportSubjectPublicKeyInfo()));
        var unit = new WriteUnit();
        var keyId = keys.Add(unit, authority.OrganisationId, KeyPurpose.Ocsp, key, passphrase: null);
        unit.Add(
            $"""
            INSERT INTO ocsp_signers (id, organisation_id, authority_id, key_id, certificate, serial, not_before, not_after)
            VALUES ({writing.NewId()}, {authority.OrganisationId}, {authority.Id}, {keyId}, {certificate.Der}, {certificate.SerialHex}, {certificate.NotBefore}, {certificate.NotAfter})
            """);
        audit.Append(unit, Succession.Entry(authority.OrganisationId, Actor.System, "authority.ocsp_signer", authority.Id, new { serial = certificate.SerialHex, notAfter = certificate.NotAfter }));
        await database.Write(unit, ct);
    }

    private async Task<OcspSigner?> Newest(string authorityId, CancellationToken ct)
    {
        var row = await database.ReadOne<SignerRow>(
            $"""
            SELECT s.certificate, s.key_id, k.custody, k.sealed FROM ocsp_signers s JOIN signing_keys k ON k.id = s.key_id
            WHERE s.authority_id = {authorityId} ORDER BY s.not_after DESC, s.id DESC LIMIT 1
            """,
            ct);
        return row is not null && keys.Open(row.KeyId, row.Custody, row.Sealed) is { } key ? new OcspSigner(Certificate.Decode(row.Certificate), key) : null;
    }

    private sealed record SignerRow(byte[] Certificate, string KeyId, string Custody, byte[] Sealed);
}
