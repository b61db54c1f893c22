using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Certificates;
using Countersign.Server.Issuance;
using Countersign.Server.Storage;

namespace Countersign.Server.Requests;

/// <summary>How requests get into their table. One INSERT serves both ways in; its WHERE keeps rejected keys out, its unique index keys that wait already.</summary>
internal sealed class RequestLedger(Database db, SharedPrimes primes, TimeProvider clock, RandomNumberGenerator random)
{
    /// <summary>Raised after the queue of an organisation changed in this process.</summary>
    public event Action<string>? QueueChanged;

    public string NewId() => Ids.New(clock, random);

    public DateTimeOffset Now => clock.GetUtcNow();

    public Task Write(WriteUnit unit, CancellationToken ct) => db.Write(unit, ct);

    public void Changed(string organisationId) => QueueChanged?.Invoke(organisationId);

    /// <summary>Refuses a key that shares a prime with one that is in the ledger.</summary>
    public ValueTask EnsureUnshared(string organisationId, SubjectPublicKey key, CancellationToken ct) => primes.Ensure(organisationId, key, ct);

    public static void EnsureCounter(WriteUnit unit, NewRequest r) =>
        unit.Add($"INSERT INTO queue_counters (organisation_id, source_class, queued) VALUES ({r.OrganisationId}, {r.SourceClass}, 0) ON CONFLICT DO NOTHING");

    /// <summary>The row lock on the counter is what makes "one success more" exact (ENR-A6), also between servers.</summary>
    public static void TakePlace(WriteUnit unit, NewRequest r, int limit) =>
        unit.Add($"UPDATE queue_counters SET queued = queued + 1 WHERE organisation_id = {r.OrganisationId} AND source_class = {r.SourceClass} AND queued < {limit}",
            expect: 1, orElse: () => new RefusalException(Refusal.QueueFull, $"{limit} requests already wait in this queue")
            {
                Facts = new Dictionary<string, object?>(StringComparer.Ordinal) { ["retryAfter"] = 300, ["limit"] = limit },
            });

    public static void LeavePlace(WriteUnit unit, string organisationId, string sourceClass) =>
        unit.Add($"UPDATE queue_counters SET queued = queued - 1 WHERE organisation_id = {organisationId} AND source_class = {sourceClass}");

    public void InsertQueued(WriteUnit unit, NewRequest r, string findings) => Insert(unit, r, "Queued", findings, intent: null);

    public void InsertClaimed(WriteUnit unit, NewRequest r, Intent intent) => Insert(unit, r, "Issuing", findings: null, intent);

    private void Insert(WriteUnit unit, NewRequest r, string state, string? findings, Intent? intent)
    {
        var s = r.Submission;
        var subject = r.Csr.Subject.ToString();
        var sans = SanText.ToJson(r.Csr.Sans);
        var decidedBy = intent is null ? null : "profile";
        var identity = intent is null ? null : $"The rule of profile {r.Profile.Name}: {s.Requester.Kind} {s.Requester.Name}, names inside the allowance.";
        var key = r.Csr.Key.Sha256;
        unit.Add($"""
            INSERT INTO requests (id, organisation_id, state, profile, door, csr, spki_sha256, subject, sans, requester_kind, requester_id, requester_name, submitter_id,
              claimed_requester, contact, comment, source_address, received_at, findings, outside, renews, idempotency_key, idempotency_sha256, csr_sha256,
              granted_subject, granted_sans, identity_check, decided_by, decided_by_name, decided_at, authority_id, serial, tbs_sha256, claimed_at, claimed_by, profile_version)
            SELECT {r.Id}, {r.OrganisationId}, {state}, {r.Profile.Name}, {s.Door}, {r.Csr.Der}, {key}, {subject}, {sans},
              {s.Requester.Kind}, {s.Requester.Id}, {s.Requester.Name}, {s.Requester.SubmitterId}, {s.ClaimedRequester}, {s.Contact}, {s.Comment}, {s.Actor.SourceAddress},
              {clock.GetUtcNow()}, {findings}, {(r.Outside.Count == 0 ? null : JsonSerializer.Serialize(r.Outside))}, {r.Renews}, {s.IdempotencyKey?.Key}, {s.IdempotencyKey?.BodySha256},
              {(s.PollsByPosting ? SHA256.HashData(r.Csr.Der.Span) : null)}, {(intent is null ? null : r.Names.Subject.ToString())}, {(intent is null ? null : SanText.ToJson(r.Names.Sans))}, {identity}, {decidedBy}, {decidedBy}, {intent?.ClaimedAt},
              {intent?.AuthorityId}, {(intent is null ? null : Convert.ToHexStringLower(intent.Serial))}, {intent?.TbsSha256}, {intent?.ClaimedAt}, {intent?.ClaimedBy}, {(intent is null ? null : r.Profile.Version)}
            WHERE NOT EXISTS (SELECT 1 FROM rejected_keys WHERE organisation_id = {r.OrganisationId} AND spki_sha256 = {key})
              AND NOT EXISTS (SELECT 1 FROM requests WHERE organisation_id = {r.OrganisationId} AND spki_sha256 = {key} AND state = 'Queued')
            """, expect: 1, orElse: static () => new ClaimLost());
        SharedPrimes.Remember(unit, r.OrganisationId, r.Csr.Key, clock.GetUtcNow());
    }

    public async Task WriteOrExplain(WriteUnit unit, NewRequest request, CancellationToken ct)
    {
        try
        {
            await db.Write(unit, ct);
        }
        catch (Exception e) when (e is ClaimLost || (e is ConstraintViolatedException && request.Submission.IdempotencyKey is null))
        {
            throw await Explain(request, ct);
        }
    }

    /// <summary>Says why the insert was refused.</summary>
    public async Task<RefusalException> Explain(NewRequest r, CancellationToken ct)
    {
        var key = r.Csr.Key.Sha256;
        var blocked = await db.ReadOne<BlockedKey>($"SELECT request_id, certificate_id FROM rejected_keys WHERE organisation_id = {r.OrganisationId} AND spki_sha256 = {key}", ct);
        if (blocked?.CertificateId is { } certificate)
            return KeyCompromised(certificate);
        if (blocked is not null)
            return With(Refusal.KeyAlreadyRejected, "this key was in a request that an officer rejected", blocked.RequestId);
        var queued = await db.ReadOne<string>($"SELECT id FROM requests WHERE organisation_id = {r.OrganisationId} AND spki_sha256 = {key} AND state = 'Queued'", ct);
        return With(Refusal.KeyAlreadyQueued, "a request with this key waits already", queued);
    }

    /// <summary>A key that was fine when its request came in may have been revoked as compromised since.</summary>
    public static void EnsureKeyIsClean(WriteUnit unit, RequestRow row) => unit.Add($"""
        UPDATE requests SET reason = NULL WHERE id = {row.Id} AND NOT EXISTS
          (SELECT 1 FROM rejected_keys k WHERE k.organisation_id = requests.organisation_id AND k.spki_sha256 = requests.spki_sha256 AND k.certificate_id IS NOT NULL)
        """, expect: 1, orElse: () => KeyCompromised(certificateId: null));

    private static RefusalException KeyCompromised(string? certificateId) => new(Refusal.KeyCompromised, "a certificate with this key was revoked because the key is in other hands")
    {
        Facts = certificateId is null ? null : new Dictionary<string, object?>(StringComparer.Ordinal) { ["certificateId"] = certificateId },
    };

    public async Task<SubmissionOutcome?> FindByIdempotencyKey(Submission s, IdempotencyKey key, CancellationToken ct)
    {
        var row = await db.ReadOne<RequestRow>($"SELECT {RequestRow.Columns} FROM requests WHERE organisation_id = {s.OrganisationId} AND requester_id = {s.Requester.Id} AND idempotency_key = {key.Key}", ct);
        if (row is null)
            return null;
        if (row.IdempotencySha256 is { } said && !said.AsSpan().SequenceEqual(key.BodySha256))
            throw key.Reused($"request {row.Id}");
        if (row.CertificateId is null)
            return new SubmissionOutcome.Queued(row.Id);
        var certificate = await db.ReadOne<Certificates.CertificateRow>($"SELECT {Certificates.CertificateRow.Columns} FROM certificates WHERE id = {row.CertificateId}", ct)
            ?? throw new InvalidDataException($"request {row.Id} names a certificate that is not there");
        var signed = Pki.X509.Certificate.Decode(certificate.Der);
        return new SubmissionOutcome.Issued(row.Id, certificate.ToIssued(), new IssuanceRequest(signed.Key, signed.Subject, signed.Sans, NotAfter: null), row.Parse());
    }

    private static RefusalException With(string code, string detail, string? requestId) =>
        new(code, detail) { Facts = new Dictionary<string, object?>(StringComparer.Ordinal) { ["requestId"] = requestId } };

    private sealed record BlockedKey(string RequestId, string? CertificateId);
}
