using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Requests;
using Countersign.Pki.X509;
using Countersign.Server.Certificates;
using Countersign.Server.Requests;
using Countersign.Server.Resources;

namespace Countersign.Server.Est;

/// <summary>What became of an enrolment: the certificate's DER, or null while it waits.</summary>
internal sealed record EstOutcome(string RequestId, byte[]? Certificate);

/// <summary>simpleenroll and simplereenroll (RFC 7030 sections 4.2.1, 4.2.2). Posting the same request again asks what became of it.</summary>
internal sealed class EstEnrolment(Intake intake, RequestQueue queue, Inventory inventory, EnrolmentCodes codes)
{
    private const string DefaultProfile = "tls-server";

    internal async Task<EstOutcome> Enrol(EstCaller caller, string? label, byte[] csr, CancellationToken ct)
    {
        var profile = label ?? (caller.Profiles.Count > 0 ? caller.Profiles[0] : null) ?? caller.Certificate?.Profile ?? DefaultProfile;
        if (caller.Profiles.Count > 0 && !caller.Profiles.Contains(profile, StringComparer.Ordinal))
        {
            var kind = Words.Of(caller.Code is not null ? "Est.Code" : caller.Certificate is not null ? "Est.Certificate" : "Est.Account");
            throw new RefusalException(Refusal.Forbidden, Words.Of("Est.OtherProfile", kind, string.Join(", ", caller.Profiles), profile, caller.Profiles[0]));
        }

        return await Posted(caller, csr, ct) ?? await Submit(caller, profile, csr, renews: null, ct);
    }

    internal async Task<EstOutcome> Renew(EstCaller caller, byte[] csr, CancellationToken ct)
    {
        var old = caller.Certificate!;
        EnsureSameNames(CertificationRequest.Decode(csr), old.Parse());
        return await Posted(caller, csr, ct) ?? await Submit(caller, old.Profile, csr, old.Id, ct);
    }

    private async Task<EstOutcome?> Posted(EstCaller caller, byte[] csr, CancellationToken ct)
    {
        var posted = await queue.FindPosted(caller.OrganisationId, SHA256.HashData(csr), caller.Requester.Id, ct);
        return posted?.PublicState switch
        {
            nameof(RequestState.Queued) => new EstOutcome(posted.Id, null),
            nameof(RequestState.Issued) => new EstOutcome(posted.Id, (await inventory.Get(caller.OrganisationId, posted.CertificateId!, ct)).Der),
            nameof(RequestState.Rejected) => throw new RefusalException(Refusal.KeyAlreadyRejected, posted.Reason ?? ""),
            _ => null,
        };
    }

    private async Task<EstOutcome> Submit(EstCaller caller, string profile, byte[] csr, string? renews, CancellationToken ct)
    {
        var submission = new Submission(caller.OrganisationId, profile, csr, Door.Est, caller.Requester, caller.Actor)
        {
            ClaimedRequester = caller.Code?.Requester,
            Renews = renews,
            PollsByPosting = true,
            ApprovedByRule = caller.Code?.Automatic ?? false,
        };
        if (caller.Code is not { } code)
        {
            return Outcome(await intake.Submit(submission, ct));
        }

        var hash = SHA256.HashData(csr);
        await codes.Claim(code, hash, ct);
        try
        {
            var outcome = Outcome(await intake.Submit(submission, ct));
            await codes.Used(code, outcome.RequestId, ct);
            return outcome;
        }
        catch (RefusalException refusal) when (refusal.Code != Refusal.OutcomeUnknown)
        {
            await codes.Release(code, hash, CancellationToken.None);
            throw;
        }
    }

    private static EstOutcome Outcome(SubmissionOutcome outcome) =>
        new(outcome.RequestId, outcome is SubmissionOutcome.Issued issued ? issued.Certificate.Der : null);

    /// <summary>RFC 7030 section 4.2.2: subject and alternative names of a renewal are those of the certificate.</summary>
    private static void EnsureSameNames(CertificationRequest csr, Certificate old)
    {
        if (!csr.Subject.Equals(old.Subject))
        {
            throw new RefusalException(Refusal.BadName, $"A renewal keeps the subject {old.Subject}; the request has {csr.Subject}.");
        }

        var wanted = csr.Sans.Select(s => s.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!wanted.SetEquals(old.Sans.Select(s => s.ToString())))
        {
            throw new RefusalException(Refusal.BadName, $"A renewal keeps the names {string.Join(", ", old.Sans)}; the request has {string.Join(", ", csr.Sans)}.");
        }
    }
}
