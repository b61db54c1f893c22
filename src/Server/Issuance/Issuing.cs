using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Profiles;
using Countersign.Server.Storage;

namespace Countersign.Server.Issuance;

/// <summary>What is to be signed, after somebody or a rule has said yes.</summary>
/// <param name="Names">Key and names exactly as they will be signed.</param>
/// <param name="Holder">Set where the profile allows one active certificate per holder.</param>
/// <param name="Renews">The certificate this one replaces with overlap.</param>
internal sealed record Grant(
    string OrganisationId,
    string RequestId,
    Profile Profile,
    IssuanceRequest Names,
    string Requester,
    string? Holder,
    string? Renews,
    Actor Actor);

/// <summary>
/// The only door to a signature over somebody's certificate: steps 3 to 8 of docs/issuance.md, top-down.
/// The caller brings the statements that decide and claim the request; they are committed together with the recorded intent,
/// so nothing is signed that is not durably ours, and a crash leaves either nothing or an intent that <see cref="IssuanceRecovery"/> ends.
/// </summary>
internal sealed class Issuing(
    Database db, Instance instance, AuthorityDirectory authorities, SharedPrimes primes, AuditTrail audit, TimeProvider clock, RandomNumberGenerator random)
{
    /// <summary>Intents this process is working on now; recovery leaves them alone.</summary>
    private readonly ConcurrentDictionary<string, byte> _underWay = new();

    /// <summary>Whose intents these are.</summary>
    public string InstanceId => instance.Id;

    public bool IsUnderWay(string requestId) => _underWay.ContainsKey(requestId);

    /// <param name="claim">Adds the statements that decide and claim, given the intent; they fail the unit if somebody else was first.</param>
    public async Task<IssuedCertificate> Issue(Grant grant, Action<WriteUnit, Intent> claim, CancellationToken ct)
    {
        var authority = await authorities.Issuing(grant.OrganisationId, ct);
        var now = clock.GetUtcNow();
        _ = authority.Key; // refuses before anything is claimed

        // 4. Prepare: build and lint. An error stops here, the request is as it was. A key that was good when it came in may share a prime with a later one.
        await primes.Ensure(grant.OrganisationId, grant.Names.Key, ct);
        LintedCertificate linted;
        using (IssuanceTelemetry.Step(IssuanceStep.Prepare))
            linted = Prepare(grant, authority, Serials.New(random), now);

        // 3 + 5. Claim, and record the intent, in one durable write.
        var intent = new Intent(grant.RequestId, authority.Id, linted.Serial, linted.TbsSha256, now, instance.Id);
        _underWay[grant.RequestId] = 0;
        try
        {
            using (IssuanceTelemetry.Step(IssuanceStep.Claim))
                await Claim(grant, claim, intent, ct);

            // From here on the caller's patience does not matter: what was begun is finished.
            return await Finish(grant, authority, linted, intent);
        }
        catch (StorageOutcomeUnknownException e)
        {
            throw new RefusalException(Refusal.OutcomeUnknown, $"the database went away while request {grant.RequestId} was being issued", e);
        }
        catch (NotRecordedException e)
        {
            await Abandon(intent, grant.OrganisationId, e.Message);
            throw Reservation.Taken(grant, e);
        }
        finally
        {
            _underWay.TryRemove(grant.RequestId, out _);
        }
    }

    private async Task Claim(Grant grant, Action<WriteUnit, Intent> claim, Intent intent, CancellationToken ct)
    {
        var unit = new WriteUnit();
        claim(unit, intent);
        Reservation.Add(unit, grant, intent.ClaimedAt);
        try
        {
            using (IssuanceTelemetry.Step(IssuanceStep.RecordIntent))
                await db.Write(unit, ct);
        }
        catch (ConstraintViolatedException e) when (Reservation.Of(grant))
        {
            throw Reservation.Taken(grant, e);
        }
    }

    /// <summary>
    /// Ends an intent found after a crash: the same serial and time give the same bytes to sign, so there is never a second, different certificate.
    /// Null when profile or authority have changed since and the bytes would differ: the intent is to be abandoned.
    /// </summary>
    public async Task<IssuedCertificate?> Resume(Grant grant, Intent intent, CancellationToken ct)
    {
        var authority = await authorities.ById(intent.AuthorityId, ct);
        if (authority is null)
            return null;
        LintedCertificate linted;
        try
        {
            linted = Prepare(grant, authority, intent.Serial, intent.ClaimedAt);
        }
        catch (RefusalException)
        {
            return null;
        }
        if (!CryptographicOperations.FixedTimeEquals(linted.TbsSha256, intent.TbsSha256))
            return null;
        return await Finish(grant, authority, linted, intent);
    }

    /// <summary>
    /// Gives an intent up: its serial stays used up in the audit trail, the request waits again with everything it had. Where a request with the same key waits
    /// meanwhile, this one ends instead.
    /// </summary>
    public async Task Abandon(Intent intent, string organisationId, string reason)
    {
        try
        {
            await Requeue(intent, organisationId, reason);
        }
        catch (ConstraintViolatedException)
        {
            var unit = new WriteUnit();
            unit.Add($"UPDATE requests SET state = 'Rejected', reason = {reason} WHERE id = {intent.RequestId} AND state = 'Issuing'",
                expect: 1, orElse: () => new InvalidOperationException($"request {intent.RequestId} was ended by somebody else"));
            Note(unit, intent, organisationId, $"{reason}; another request with its key waits");
            await db.Write(unit, CancellationToken.None);
        }
    }

    private Task Requeue(Intent intent, string organisationId, string reason)
    {
        var unit = new WriteUnit();
        unit.Add($"""
            UPDATE requests SET state = 'Queued', reserves = NULL, serial = NULL, tbs_sha256 = NULL, claimed_at = NULL, claimed_by = NULL, authority_id = NULL,
              decided_by = NULL, decided_by_name = NULL, decided_at = NULL, identity_check = NULL, granted_subject = NULL, granted_sans = NULL
            WHERE id = {intent.RequestId} AND state = 'Issuing'
            """, expect: 1, orElse: () => new InvalidOperationException($"request {intent.RequestId} was ended by somebody else"));
        unit.Add($"""
            INSERT INTO queue_counters (organisation_id, source_class, queued) SELECT organisation_id, door, 1 FROM requests WHERE id = {intent.RequestId}
            ON CONFLICT (organisation_id, source_class) DO UPDATE SET queued = queue_counters.queued + 1
            """);
        Note(unit, intent, organisationId, reason);
        return db.Write(unit, CancellationToken.None);
    }

    private void Note(WriteUnit unit, Intent intent, string organisationId, string reason) =>
        audit.Append(unit, new AuditEntry(organisationId, Actor.System, "issuance.abandon", "request", intent.RequestId,
            $$"""{"serial":"{{Convert.ToHexStringLower(intent.Serial)}}","reason":"{{reason}}"}"""));

    private static LintedCertificate Prepare(Grant grant, IssuingAuthority authority, ReadOnlySpan<byte> serial, DateTimeOffset at) =>
        Issuer.Prepare(grant.Profile.Definition, authority.Facts, grant.Names, serial, at);

    private async Task<IssuedCertificate> Finish(Grant grant, IssuingAuthority authority, LintedCertificate linted, Intent intent)
    {
        // 6 + 7. Sign, and verify the signature against what was recorded.
        byte[] der;
        using (var step = IssuanceTelemetry.Step(IssuanceStep.Sign))
        {
            step?.SetTag("request", intent.RequestId);
            der = Issuer.Sign(linted, authority.Key, static () => IssuanceTelemetry.Step(IssuanceStep.Verify));
        }

        // 8. Record certificate, names, audit and request state together.
        var issued = new IssuedCertificate(Ids.New(clock, random), authority.Id, Convert.ToHexStringLower(intent.Serial), der, linted.NotBefore, linted.NotAfter, clock.GetUtcNow());
        using (IssuanceTelemetry.Step(IssuanceStep.Record))
        {
            var unit = new WriteUnit();
            Record(unit, grant, intent, issued);
            try
            {
                await db.Write(unit, CancellationToken.None);
            }
            catch (RefusalException e) when (e.Code == Refusal.StorageUnavailable)
            {
                throw new RefusalException(Refusal.OutcomeUnknown, $"request {grant.RequestId} is signed and will be recorded when the database is back: {e.Detail}", e);
            }
            catch (ConstraintViolatedException e) when (Reservation.Of(grant))
            {
                throw new NotRecordedException("another request of the same holder was issued at the same moment", e);
            }
        }
        IssuanceTelemetry.Issued.Add(1);
        return issued;
    }

    private void Record(WriteUnit unit, Grant grant, Intent intent, IssuedCertificate issued)
    {
        var subject = grant.Names.Subject.ToString();
        var sans = SanText.ToJson(grant.Names.Sans);
        if (grant.Renews is { } old)
        {
            unit.Add($"UPDATE certificates SET state = 'Superseded', replaced_by = {issued.Id} WHERE id = {old} AND organisation_id = {grant.OrganisationId} AND state = 'Active'",
                expect: 1, orElse: static () => new NotRecordedException("the certificate it renews was revoked or renewed meanwhile"));
        }
        else if (grant.Holder is not null)
        {
            // An expired certificate no longer stands in its holder's way.
            unit.Add($"UPDATE certificates SET state = 'Superseded' WHERE organisation_id = {grant.OrganisationId} AND holder = {grant.Holder} AND state = 'Active' AND not_after < {intent.ClaimedAt}");
        }
        Span<byte> sha1 = stackalloc byte[SHA1.HashSizeInBytes], sha256 = stackalloc byte[SHA256.HashSizeInBytes];
        SHA1.HashData(issued.Der, sha1);
        SHA256.HashData(issued.Der, sha256);
        // Reservations look for a holder's certificate, so the row of one that has a holder keeps its place in the order of statements.
        Action<Sql> addCertificate = grant.Holder is not null ? unit.Add : unit.AddRow;
        addCertificate($"""
            INSERT INTO certificates (id, organisation_id, authority_id, request_id, serial, subject, sans, profile, state, holder, requester,
              not_before, not_after, issued_at, sha256_prefix, sha1_prefix, spki_sha256, replaces, der)
            VALUES ({issued.Id}, {grant.OrganisationId}, {issued.AuthorityId}, {grant.RequestId}, {issued.SerialHex}, {subject}, {sans}, {grant.Profile.Name}, {"Active"},
              {Holder(grant)}, {grant.Requester}, {issued.NotBefore}, {issued.NotAfter}, {issued.IssuedAt}, {BinaryPrimitives.ReadInt64BigEndian(sha256)},
              {BinaryPrimitives.ReadInt64BigEndian(sha1)}, {grant.Names.Key.Sha256}, {grant.Renews}, {issued.Der})
            """);
        foreach (var name in Names(grant))
            NameIndex.Add(unit, name, issued.Id, grant.OrganisationId);
        unit.Add($"UPDATE requests SET state = 'Issued', certificate_id = {issued.Id} WHERE id = {grant.RequestId} AND state = 'Issuing'",
            expect: 1, orElse: () => new InvalidOperationException($"request {grant.RequestId} was not ours to finish"));
        audit.Append(unit, new AuditEntry(grant.OrganisationId, grant.Actor, "certificate.issue", "certificate", issued.Id,
            $$"""{"serial":"{{issued.SerialHex}}","request":"{{grant.RequestId}}","authority":"{{issued.AuthorityId}}","tbsSha256":"{{Convert.ToHexStringLower(intent.TbsSha256)}}"}"""));
    }

    // Whatever the request for a renewal calls its requester: the place that is taken is the one its predecessor leaves.
    private static Sql Holder(Grant grant)
    {
        if (grant is { Renews: { } old, Holder: { } holder })
            return $"coalesce((SELECT holder FROM certificates WHERE id = {old}), {holder})";
        return $"{grant.Holder}";
    }

    private static HashSet<string> Names(Grant grant)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (grant.Names.Subject.CommonName is { Length: > 0 } cn)
            names.Add(cn.ToLowerInvariant());
        foreach (var san in grant.Names.Sans)
            names.Add(san.Text.ToLowerInvariant());
        return names;
    }
}
