using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Certificates;
using Countersign.Server.Issuance;
using Countersign.Server.Profiles;
using Countersign.Server.Storage;

namespace Countersign.Server.Requests;

/// <summary>An officer's yes.</summary>
/// <param name="IdentityCheck">How the requester's identity was checked: required (O-1).</param>
/// <param name="Subject">RFC 4514 text, or null: as asked.</param>
/// <param name="Sans">These alternative names, with the common name where the profile copies it; or null: those asked for that are inside the requester's allowance.</param>
/// <param name="Key">What the caller calls this decision, where they may send it again.</param>
internal sealed record Approval(string? IdentityCheck, string? Subject = null, IReadOnlyList<string>? Sans = null, DecisionKey? Key = null);

/// <summary>What an approval led to.</summary>
internal abstract record ApprovalOutcome
{
    public sealed record Issued(IssuedCertificate Certificate) : ApprovalOutcome;

    /// <summary>Recorded, and more officers are needed.</summary>
    public sealed record Counted(int Have, int Needed) : ApprovalOutcome;
}

/// <summary>Approve and reject. Cancel leaves everything as it is and therefore has no function.</summary>
internal sealed class Decisions(
    RequestQueue queue, RequestLedger ledger, FourEyes fourEyes, ProfileBook profiles, Renewals renewals, Issuing issuing, AuditTrail audit)
{
    private const int LongestText = 2000;

    public async Task<ApprovalOutcome> Approve(string organisationId, string requestId, Approval approval, Actor officer, CancellationToken ct)
    {
        // 1. What is asked, and may this officer say yes to it?
        var identityCheck = approval.IdentityCheck?.Trim() ?? "";
        if (identityCheck.Length == 0)
            throw new RefusalException(Refusal.IdentityCheckRequired, "say how the requester's identity was checked");
        if (identityCheck.Length > LongestText)
            throw new RefusalException(Refusal.TextTooLong, $"the identity check has {identityCheck.Length} characters, {LongestText} are kept");
        var row = await queue.Get(organisationId, requestId, ct);
        EnsureQueued(row);
        var profile = await profiles.Get(organisationId, row.Profile, ct);
        var own = IsOwn(row, officer);
        if (profile.Definition.IsCa && officer.Role != Role.PrimaryAdministrator)
            throw new RefusalException(Refusal.Forbidden, $"profile {profile.Name} makes another authority that can itself issue certificates: only a primary administrator approves that");
        if (profile.ApprovalsNeeded > 1 && own)
            throw new RefusalException(Refusal.OwnRequest, $"profile {profile.Name} asks for {profile.ApprovalsNeeded} officers other than the requester");

        // 2. The names exactly as they will be signed.
        var csr = row.Parse();
        var proposed = row.Proposed(csr, profile);
        var subject = approval.Subject is null ? proposed.Subject : DistinguishedName.Parse(approval.Subject);
        var sans = Granting.WithCommonName(profile.Definition.Names, subject, approval.Sans is { } chosen ? [.. chosen.Select(SanEntry.Parse)] : proposed.Sans);
        var sansJson = SanText.ToJson(sans);
        var namesSha256 = SHA256.HashData(Encoding.UTF8.GetBytes($"{subject}\n{sansJson}"));

        // 3. Four eyes: count the officers who said yes to these very names.
        if (profile.ApprovalsNeeded > 1)
        {
            var have = await fourEyes.Count(row, officer, identityCheck, namesSha256, ct);
            ledger.Changed(organisationId);
            if (have < profile.ApprovalsNeeded)
                return new ApprovalOutcome.Counted(have, profile.ApprovalsNeeded);
        }

        // 4. One active certificate per holder, unless this is a renewal (REV-A2, REV-A6) that is still one: it may have waited for weeks.
        if (row.Renews is { } old)
            await renewals.Renewable(organisationId, old, csr, ct);
        var holder = Holders.Of(profile, row.ClaimedRequester, subject);
        await renewals.EnsureHolderIsFree(organisationId, holder, row.Renews, ct);

        // 5. Claim, sign, record.
        var grant = new Issuance.Grant(organisationId, row.Id, profile, new IssuanceRequest(csr.Key, subject, sans, NotAfter: null), row.HolderName, holder, row.Renews, officer);
        var issued = await issuing.Issue(grant, (unit, intent) =>
        {
            unit.Add($"""
                UPDATE requests SET state = 'Issuing', granted_subject = {subject.ToString()}, granted_sans = {sansJson}, identity_check = {identityCheck},
                  decided_by = {officer.Id}, decided_by_name = {officer.Name}, decided_at = {intent.ClaimedAt}, authority_id = {intent.AuthorityId},
                  serial = {Convert.ToHexStringLower(intent.Serial)}, tbs_sha256 = {intent.TbsSha256}, claimed_at = {intent.ClaimedAt}, claimed_by = {intent.ClaimedBy}, profile_version = {profile.Version}, own_request = {own}
                WHERE id = {row.Id} AND organisation_id = {organisationId} AND state = 'Queued'
                """, expect: 1, orElse: () => new RefusalException(Refusal.AlreadyDecided, "somebody else decided this request a moment ago"));
            RequestLedger.EnsureKeyIsClean(unit, row);
            approval.Key?.Add(unit, intent.ClaimedAt);
            RequestLedger.LeavePlace(unit, organisationId, row.Door);
            audit.Append(unit, new AuditEntry(organisationId, officer, "request.approve", "request", row.Id, JsonSerializer.Serialize(new
            {
                identityCheck,
                subject = subject.ToString(),
                sans = sansJson,
                changed = approval.Subject is not null || approval.Sans is not null,
                leftOut = row.OutsideTexts.Except(sans.Select(n => n.ToString()).Concat(subject.Attributes.Select(NameAllowance.TextOf)), StringComparer.OrdinalIgnoreCase),
                ownRequest = own,
            })));
        }, ct);
        ledger.Changed(organisationId);
        return new ApprovalOutcome.Issued(issued);
    }

    public async Task Reject(string organisationId, string requestId, string? reason, Actor officer, CancellationToken ct, DecisionKey? key = null)
    {
        var why = reason?.Trim() ?? "";
        if (why.Length == 0)
            throw new RefusalException(Refusal.ReasonRequired, "say why, the requester reads it");
        if (why.Length > LongestText)
            throw new RefusalException(Refusal.TextTooLong, $"the reason has {why.Length} characters, {LongestText} are kept");
        var row = await queue.Get(organisationId, requestId, ct);
        EnsureQueued(row);
        var unit = new WriteUnit();
        unit.Add($"""
            UPDATE requests SET state = 'Rejected', reason = {why}, decided_by = {officer.Id}, decided_by_name = {officer.Name}, decided_at = {ledger.Now}, own_request = {IsOwn(row, officer)}
            WHERE id = {requestId} AND organisation_id = {organisationId} AND state = 'Queued'
            """, expect: 1, orElse: () => new RefusalException(Refusal.AlreadyDecided, "somebody else decided this request a moment ago"));
        unit.Add($"""
            INSERT INTO rejected_keys (organisation_id, spki_sha256, request_id)
            SELECT organisation_id, spki_sha256, id FROM requests WHERE id = {requestId} ON CONFLICT DO NOTHING
            """);
        key?.Add(unit, ledger.Now);
        RequestLedger.LeavePlace(unit, organisationId, row.Door);
        audit.Append(unit, new AuditEntry(organisationId, officer, "request.reject", "request", requestId, JsonSerializer.Serialize(new { reason = why })));
        await ledger.Write(unit, ct);
        ledger.Changed(organisationId);
    }

    private static bool IsOwn(RequestRow row, Actor officer) => row.RequesterId == officer.Id || (row.SubmitterId is not null && row.SubmitterId == officer.AdministratorId);

    private static void EnsureQueued(RequestRow row)
    {
        if (row.State != "Queued")
            throw new RefusalException(Refusal.AlreadyDecided, $"the request is {row.PublicState}");
    }
}
