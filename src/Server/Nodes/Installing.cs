using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Pki.Requests;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Authorities;
using Countersign.Server.Storage;

namespace Countersign.Server.Nodes;

/// <summary>A certificate that was looked at and may go into a slot.</summary>
/// <param name="Leaf">DER.</param>
/// <param name="Issuers">What a server sends behind it, in that order, without a root.</param>
/// <param name="KeyId">Null where the key is on the appliance.</param>
internal sealed record Candidate(CertificateOrigin Origin, byte[] Leaf, IReadOnlyList<Certificate> Issuers, string? KeyId, string? CertificateId)
{
    /// <summary>A key that came with it and is to be kept.</summary>
    public AsymmetricAlgorithm? NewKey { get; init; }
}

/// <summary>
/// Certificates on their way into slots (B2): Validated when one was checked, PendingActivation until its service takes it, Active once it does, and then the one before is
/// Superseded. What is in use stays in use whatever fails.
/// </summary>
internal sealed class Installing(Database database, SlotKeys keys, AuthorityDirectory authorities, AuditTrail audit, TimeProvider time, RandomNumberGenerator random)
{
    /// <summary>Our own authority signed it.</summary>
    internal async Task TakeIssued(OwnedSlot owned, string certificateId, byte[] leaf, string authorityId, string? keyId, Actor actor, CancellationToken ct)
    {
        var issuers = (await authorities.Chain(authorityId, ct)).Where(c => !c.IsSelfIssued).ToList();
        await Take(owned, new Candidate(CertificateOrigin.Own, leaf, issuers, keyId, certificateId), actor, ct);
    }

    /// <summary>Puts it beside what is in use. Another one that waited gives way; the open request it answers is closed, another one stays.</summary>
    internal async Task<string> Take(OwnedSlot owned, Candidate candidate, Actor actor, CancellationToken ct)
    {
        var certificate = Certificate.Decode(candidate.Leaf);
        var now = time.GetUtcNow();
        var unit = new WriteUnit();
        var id = Ids.New(time, random);
        var keyId = candidate.NewKey is { } key ? keys.Add(unit, owned.Slot.OrganisationId, owned.Slot.Id, key, exportable: false) : candidate.KeyId;
        unit.Add(
            $"""
            UPDATE installations SET state = {InstallationState.Superseded}, changed_at = {now}
            WHERE slot_id = {owned.Slot.Id} AND state IN ('Staged', 'Validated', 'PendingActivation')
            """);
        unit.Add(
            $"""
            INSERT INTO installations (id, organisation_id, slot_id, state, origin, key_id, certificate_id, subject, sans, not_before, not_after, leaf, chain, created_at, created_by, changed_at)
            VALUES ({id}, {owned.Slot.OrganisationId}, {owned.Slot.Id}, {InstallationState.PendingActivation}, {candidate.Origin}, {keyId}, {candidate.CertificateId},
              {certificate.Subject.ToString()}, {string.Join('\n', certificate.Sans)}, {certificate.NotBefore}, {certificate.NotAfter}, {candidate.Leaf},
              {string.Concat(candidate.Issuers.Select(c => PemFile.Write("CERTIFICATE", c.Der.Span)))}, {now}, {actor.Name}, {now})
            """);
        if (await Answered(owned.Slot.Id, certificate, ct))
        {
            unit.Add($"DELETE FROM slot_requests WHERE slot_id = {owned.Slot.Id}");
        }

        audit.Append(unit, Slots.Entry(owned, actor, "slot.install", certificate));
        await database.Write(unit, ct);
        return id;
    }

    /// <summary>Its service shows it now.</summary>
    /// <exception cref="RefusalException">already_decided when it does not wait any more</exception>
    internal async Task Activate(OwnedSlot owned, Installation installation, Actor actor, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var unit = new WriteUnit();
        unit.Add($"UPDATE installations SET state = {InstallationState.Superseded}, changed_at = {now} WHERE slot_id = {owned.Slot.Id} AND state = {InstallationState.Active}");
        unit.Add(
            $"UPDATE installations SET state = {InstallationState.Active}, changed_at = {now} WHERE id = {installation.Id} AND state = {InstallationState.PendingActivation}",
            1,
            () => new RefusalException(Refusal.AlreadyDecided, "this certificate does not wait to be used any more"));
        audit.Append(unit, Slots.Entry(owned, actor, "slot.activate", installation.Certificate));
        await database.Write(unit, ct);
    }

    /// <summary>Whether the open request is the one this certificate is for; another one stays open.</summary>
    private async Task<bool> Answered(string slotId, Certificate certificate, CancellationToken ct) =>
        await database.ReadOne<OpenCsr>($"SELECT csr FROM slot_requests WHERE slot_id = {slotId}", ct) is { Csr: var csr }
        && CertificationRequest.Decode(csr).Key.Spki.Span.SequenceEqual(certificate.Key.Spki.Span);

    private sealed record OpenCsr(byte[] Csr);
}
