using System.Text.Json;
using Countersign.Pki;
using Countersign.Pki.Lint;
using Countersign.Pki.Requests;
using Countersign.Pki.Signing;
using Countersign.Server.Audit;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Issuance;
using Countersign.Server.Organisations;
using Countersign.Server.Profiles;
using Countersign.Server.Storage;

namespace Countersign.Server.Requests;

/// <summary>Steps 1 and 2 of docs/issuance.md: every door hands its request in here; it is queued, or issued at once where a profile's rule says so.</summary>
internal sealed class Intake(
    AuthorityDirectory authorities, ProfileBook profiles, Renewals renewals, Issuing issuing, RequestLedger ledger, OrganisationBook organisations,
    QueueLimit limit)
{
    /// <exception cref="RefusalException">Nothing was stored; the queue is unchanged.</exception>
    public async Task<SubmissionOutcome> Submit(Submission submission, CancellationToken ct)
    {
        // 1. Receive: parse once, prove possession, look at key quality and size.
        CertificationRequest csr;
        using (IssuanceTelemetry.Step(IssuanceStep.Receive))
        {
            csr = CertificationRequest.Read(submission.Csr.Span);
            csr.EnsureAcceptable();
            await ledger.EnsureUnshared(submission.OrganisationId, csr.Key, ct);
        }
        if (submission.IdempotencyKey is { } key && await ledger.FindByIdempotencyKey(submission, key, ct) is { } earlier)
            return earlier;
        try
        {
            return await Decide(submission, csr, ct);
        }
        catch (Exception clash) when (submission.IdempotencyKey is not null && (clash is ConstraintViolatedException
            || clash is RefusalException { Code: Refusal.KeyAlreadyQueued or Refusal.ActiveCertificateExists or Refusal.NotRenewable }))
        {
            // The same call at the same moment may have been first: then both get one answer.
            if (await ledger.FindByIdempotencyKey(submission, submission.IdempotencyKey, ct) is { } twin)
                return twin;
            throw;
        }
    }

    private async Task<SubmissionOutcome> Decide(Submission submission, CertificationRequest csr, CancellationToken ct)
    {
        // 2. Decide: by rule, or leave it to an officer.
        using (IssuanceTelemetry.Step(IssuanceStep.Decide))
        {
            await authorities.Issuing(submission.OrganisationId, ct); // ca_missing before anything is stored
            var profile = submission.Door == Door.Internal
                ? ProfileBook.Own(submission.OrganisationId)
                : await profiles.Get(submission.OrganisationId, submission.Profile, ct);
            var renewed = submission.Renews is { } id ? await renewals.Renewable(submission.OrganisationId, id, csr, ct) : null;
            var names = Granting.Names(csr, profile.Definition);
            var outside = await Outside(submission, csr, names, profile, ct);
            var request = new NewRequest(ledger.NewId(), submission, profile, csr, names, outside, renewed);
            if (!MayBeIssuedByRule(submission, profile) || outside.Count > 0)
            {
                await Queue(request, ct);
                return new SubmissionOutcome.Queued(request.Id);
            }
            var certificate = await IssueAtOnce(request, ct);
            return new SubmissionOutcome.Issued(request.Id, certificate, request.Names, csr);
        }
    }

    /// <summary>Whatever the door says: no rule stands in for those who answer for an authority, nor for several officers.</summary>
    private static bool MayBeIssuedByRule(Submission submission, Profile profile) =>
        (profile.Automatic || submission.ApprovedByRule) && !profile.Definition.IsCa && profile.ApprovalsNeeded <= 1 && submission.Requester.Allowance.ByRule;

    /// <summary>What of the names would need an officer's look. What the profile sets or drops by itself, and the organisation's own subject, is nobody's wish.</summary>
    private async Task<IReadOnlyList<string>> Outside(Submission submission, CertificationRequest csr, IssuanceRequest names, Profile profile, CancellationToken ct)
    {
        var forced = profile.Definition.Names.ForcedAttributes;
        var subject = forced.Count == 0 ? names.Subject.Attributes : [.. names.Subject.Attributes.Where(a => !forced.Contains(a))];
        var outside = submission.Requester.Allowance.Outside(subject, csr.Sans);
        if (outside.Count == 0)
            return outside;
        var own = await organisations.OwnSubject(submission.OrganisationId, ct);
        return [.. outside.Except(own.Select(NameAllowance.TextOf), StringComparer.OrdinalIgnoreCase)];
    }

    private async Task Queue(NewRequest request, CancellationToken ct)
    {
        var findings = Linter.CheckRequest(request.Csr, request.Profile.Definition);
        if (request.Profile.Automatic && !request.Submission.Requester.Allowance.ByRule)
            findings = [.. findings, new LintFinding("requester_allowance", LintSeverity.Warning, "docs/issuance.md",
                $"profile {request.Profile.Name} issues by itself, but nobody has said which names {request.Submission.Requester.Name} may have")];
        var unit = new WriteUnit();
        RequestLedger.EnsureCounter(unit, request);
        RequestLedger.TakePlace(unit, request, await limit.Of(request.OrganisationId, ct));
        ledger.InsertQueued(unit, request, JsonSerializer.Serialize(findings, RequestJson.Options));
        await ledger.WriteOrExplain(unit, request, ct);
        ledger.Changed(request.OrganisationId);
    }

    private async Task<IssuedCertificate> IssueAtOnce(NewRequest request, CancellationToken ct)
    {
        var holder = Holders.Of(request.Profile, request.Submission.ClaimedRequester, request.Names.Subject);
        await renewals.EnsureHolderIsFree(request.OrganisationId, holder, request.Renews, ct);
        var grant = new Issuance.Grant(request.OrganisationId, request.Id, request.Profile, request.Names,
            request.Submission.ClaimedRequester ?? request.Submission.Requester.Name, holder, request.Renews, request.Submission.Actor);
        try
        {
            return await issuing.Issue(grant, (unit, intent) => ledger.InsertClaimed(unit, request, intent), ct);
        }
        catch (ClaimLost)
        {
            throw await ledger.Explain(request, ct);
        }
    }
}
