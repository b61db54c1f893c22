using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Requests;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Issuance;
using Countersign.Server.Requests;
using Countersign.Server.Storage;

namespace Countersign.Server.Nodes;

/// <summary>What became of a form: at most one of a request for elsewhere, a place in the queue, and a certificate in the slot.</summary>
internal sealed record GenerationOutcome(byte[]? Csr, string? QueuedId, IReadOnlyList<SlotFinding> Hints);

/// <summary>Makes keys, requests and certificates for slots. One open request per slot (B3-6): a new one replaces it, and says so first.</summary>
internal sealed class SlotGeneration(Slots slots, SlotKeys keys, Installing installing, Intake intake, Database database, AuditTrail audit, TimeProvider time)
{
    private const string Profile = "tls-server";

    /// <exception cref="RefusalException">
    /// not_found, cn_required, bad_cn, bad_country, bad_name, unsupported_key, weak_key; until it is acknowledged name_not_covered and request_open; and everything intake refuses
    /// </exception>
    internal async Task<GenerationOutcome> Generate(string organisationId, string slotId, GenerateForSlot wanted, Actor actor, CancellationToken ct)
    {
        // 1. What is asked for, read once; what is worth a second thought is said before anything is made.
        var owned = await slots.Get(organisationId, slotId, ct);
        var given = wanted.Csr is { Length: > 0 } pem ? ReadCsr(pem) : null;
        var subject = given is null ? SlotFormCheck.Read(wanted.Form) : new SlotSubject(given.Subject, given.Sans, []);
        if (!Enum.IsDefined(wanted.Make))
        {
            throw new RefusalException(Refusal.Malformed, $"make is one of {string.Join(", ", Enum.GetNames<SlotMaking>())}");
        }

        if (wanted.Make == SlotMaking.SelfSigned && given is not null)
        {
            throw new RefusalException(Refusal.KeyElsewhere, "its own key would have to sign it, and that is on the appliance");
        }

        var replaced = wanted.Make == SlotMaking.SelfSigned ? null : await slots.OpenRequest(slotId, ct);
        if (!wanted.Acknowledged)
        {
            EnsureCovers(owned, subject);
            EnsureNoneOpen(replaced);
        }

        // 2. Key and request.
        using var key = given is null ? SlotKeys.Make(wanted.Form.KeyType) : null;
        var csr = key is null ? given!.Der.ToArray() : SlotSignature.Request(subject, key);

        // 3. Kept before anything is asked of anybody: a crash now costs nothing.
        var unit = new WriteUnit();
        var keyId = key is null ? null : keys.Add(unit, organisationId, slotId, key, wanted.ExportableKey);
        if (wanted.Make != SlotMaking.SelfSigned)
        {
            KeepRequest(unit, owned, keyId, csr, actor);
        }

        if (replaced?.KeyId is { } former)
        {
            keys.Destroy(unit, former);
        }

        unit.Add($"UPDATE slots SET last_generated_at = {time.GetUtcNow()} WHERE id = {slotId}");
        if (given is null)
        {
            unit.Add($"UPDATE slots SET form = {JsonSerializer.Serialize(wanted.Form, NodesJson.Default.SlotForm)} WHERE id = {slotId}");
        }

        audit.Append(unit, Slots.Entry(owned, actor, wanted.Make switch
        {
            SlotMaking.Certificate => "slot.generate",
            SlotMaking.Request => "slot.request",
            _ => "slot.self-sign",
        }, null));
        await database.Write(unit, ct);

        // 4. The certificate, where it is ours to make.
        switch (wanted.Make)
        {
            case SlotMaking.SelfSigned:
                await installing.Take(owned, new Candidate(CertificateOrigin.SelfSigned, SlotSignature.SelfSigned(subject, key!, time.GetUtcNow()), [], keyId, null), actor, ct);
                return new GenerationOutcome(null, null, subject.Hints);
            case SlotMaking.Certificate:
                return new GenerationOutcome(null, await Ask(owned, csr, keyId, actor, ct), subject.Hints);
            default:
                return new GenerationOutcome(csr, null, subject.Hints);
        }
    }

    /// <summary>Asks our own authority; the id in the queue where an officer has to decide. Repeated with the same request it has the same outcome.</summary>
    internal async Task<string?> Ask(OwnedSlot owned, byte[] csr, string? keyId, Actor actor, CancellationToken ct)
    {
        var allowance = await AllowanceOf(owned, actor, ct);
        var outcome = await intake.Submit(
            new Submission(owned.Slot.OrganisationId, Profile, csr, Door.Slot, new Requester(actor.Kind, actor.Id, actor.Name, allowance, actor.AdministratorId), actor)
            {
                ClaimedRequester = owned.Owner.Name,
                ApprovedByRule = true,
                IdempotencyKey = new IdempotencyKey($"slot:{owned.Slot.Id}:{Convert.ToHexStringLower(SHA256.HashData(csr))}", SHA256.HashData(csr)),
            }, ct);
        if (outcome is SubmissionOutcome.Issued { Certificate: var issued })
        {
            await installing.TakeIssued(owned, issued.Id, issued.Der, issued.AuthorityId, keyId, actor, ct);
            return null;
        }

        await database.Write($"UPDATE slot_requests SET request_id = {outcome.RequestId} WHERE slot_id = {owned.Slot.Id}", ct);
        return outcome.RequestId;
    }

    // Officers answer for what they make. Whoever only runs the equipment could otherwise add a server of any name and have it signed: they get again what an officer
    // approved for this slot before, and for everything else an officer is asked.
    private async Task<NameAllowance> AllowanceOf(OwnedSlot owned, Actor actor, CancellationToken ct)
    {
        if (actor.Role is Role.PrimaryAdministrator or Role.CaOfficer)
        {
            return NameAllowance.Unrestricted;
        }

        var before = (await slots.History(owned.Slot.OrganisationId, owned.Slot.Id, ct)).FirstOrDefault(i => i is { Origin: CertificateOrigin.Own, State: InstallationState.Active });
        return before is null ? NameAllowance.Unstated : NameAllowance.Of(before.Certificate);
    }

    private void KeepRequest(WriteUnit unit, OwnedSlot owned, string? keyId, byte[] csr, Actor actor)
    {
        unit.Add($"DELETE FROM slot_requests WHERE slot_id = {owned.Slot.Id}");
        unit.Add(
            $"""
            INSERT INTO slot_requests (slot_id, organisation_id, key_id, csr, created_at, created_by)
            VALUES ({owned.Slot.Id}, {owned.Slot.OrganisationId}, {keyId}, {csr}, {time.GetUtcNow()}, {actor.Name})
            """);
    }

    // SLT-24: what clients call it and what the certificate would say, both in the answer
    private static void EnsureCovers(OwnedSlot owned, SlotSubject subject)
    {
        var missing = owned.Expected.Where(n => !NameCover.Covers(subject.Sans, n.Name)).ToList();
        if (missing.Count > 0)
        {
            throw new RefusalException(Refusal.NameNotCovered, $"{NameCover.Text(missing)} is not among {string.Join(", ", subject.Sans.Select(s => s.Text))}")
            {
                Facts = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["expected"] = string.Join(' ', missing.Select(n => n.Name)),
                    ["requested"] = string.Join(' ', subject.Sans),
                },
            };
        }
    }

    // SLT-20, B3-6
    private static void EnsureNoneOpen(SlotRequest? open)
    {
        if (open is not null)
        {
            throw new RefusalException(Refusal.RequestOpen, $"made {open.CreatedAt:yyyy-MM-dd HH:mm} UTC by {open.CreatedBy}");
        }
    }

    private static CertificationRequest ReadCsr(string pem)
    {
        var csr = CertificationRequest.Read(System.Text.Encoding.UTF8.GetBytes(pem));
        csr.EnsureAcceptable();
        return csr;
    }
}
