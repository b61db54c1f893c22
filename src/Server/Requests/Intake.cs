using System.Text.Json;
using Countersign.Pki;
using Countersign.Pki.Lint;
using Countersign.Pki.Requests;
using Countersign.Pki.Signing;
using Countersign.Server.Audit;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Hosting;
using Countersign.Server.Issuance;
using Countersign.Server.Profiles;
using Countersign.Server.Storage;

namespace Countersign.Server.Requests;

/// <summary>Steps 1 and 2 of docs/issuance.md: every door hands its request in here; it is queued, or issued at once where a profile's rule says so.</summary>
internal sealed class Intake(
    AuthorityDirectory authorities, ProfileBook profiles, Renewals renewals, Issuing issuing, RequestLedger ledger, CountersignOptions options)
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
        }
        if (submission.IdempotencyKey is { } key && await ledger.FindByIdempotencyKey(submission, key, ct) is { } earlier)
            return earlier;

        // 2. Decide: by rule, or leave it to an officer.
        using (IssuanceTelemetry.Step(IssuanceStep.Decide))
        {
            await authorities.Issuing(submission.OrganisationId, ct); // ca_missing before anything is stored
            var profile = await profiles.Get(submission.OrganisationId, submission.Profile, ct);
            var renewed = submission.Renews is { } id ? await renewals.Renewable(submission.OrganisationId, id, csr, ct) : null;
            var outside = submission.Requester.Allowance.Outside(csr.Subject, csr.Sans);
            var request = new NewRequest(ledger.NewId(), submission, profile, csr, Granting.Names(csr, profile.Definition), outside, renewed);
            var byRule = profile.Automatic || (submission.ApprovedByRule && profile.ApprovalsNeeded <= 1);
            if (!byRule || outside.Count > 0)
            {
                await Queue(request, ct);
                return new SubmissionOutcome.Queued(request.Id);
            }
            var certificate = await IssueAtOnce(request, ct);
            return new SubmissionOutcome.Issued(request.Id, certificate, request.Names);
        }
    }

    private async Task Queue(NewRequest request, CancellationToken ct)
    {
        var findings = Linter.CheckRequest(request.Csr, request.Profile.Definition);
        var unit = new WriteUnit();
        RequestLedger.EnsureCounter(unit, request);
        RequestLedger.TakePlace(unit, request, options.Limits.QueueLimit);
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
