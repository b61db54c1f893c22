using Countersign.Contracts;
using Countersign.Pki.Pem;
using Countersign.Pki.X509;
using Countersign.Server.Certificates;
using Countersign.Server.Issuance;
using Countersign.Server.Profiles;

namespace Countersign.Server.Requests;

/// <summary>How a stored request is told to callers of the API.</summary>
internal static class RequestViews
{
    public static string PollUrl(string id) => $"/api/v1/requests/{id}";

    /// <summary>For a list: without parsing the request again.</summary>
    public static RequestView Summary(this RequestRow row) => new()
    {
        Id = row.Id,
        State = Enum.Parse<RequestState>(row.PublicState),
        Subject = row.Subject,
        Sans = row.SanTexts,
        Key = row.Parse().Key.View(),
        Door = Doors.Spelled(row.Door),
        SourceAddress = row.SourceAddress,
        Requester = new ActorView { Kind = row.RequesterKind, Id = row.RequesterId, Name = row.HolderName, Contact = row.Contact },
        ReceivedAt = row.Received,
        Profile = row.Profile,
        Findings = [.. row.LintFindings.Select(f => new FindingView { Rule = f.Rule, Severity = Enum.Parse<FindingSeverity>(f.Severity.ToString()), Citation = f.Citation, Detail = f.Detail })],
        NamesOutsideAllowance = row.OutsideTexts,
        Decision = row.DecidedBy is null || row.DecidedAt is null ? null : new DecisionView
        {
            By = new ActorView { Kind = row.DecidedBy == "profile" ? "system" : "administrator", Id = row.DecidedBy, Name = row.DecidedByName ?? row.DecidedBy },
            At = DateTimeOffset.FromUnixTimeMilliseconds(row.DecidedAt.Value),
            Reason = row.Reason,
            IdentityCheck = row.IdentityCheck,
            OwnRequest = row.OwnRequest is { } own ? own != 0 : row.DecidedBy == row.SubmitterId || row.DecidedBy == row.RequesterId,
        },
        Comment = row.Comment,
        CertificateId = row.CertificateId,
        PollUrl = PollUrl(row.Id),
        Renews = row.Renews,
    };

    /// <summary>The names as they are in the certificate; before there is one as they were granted or, while nobody has decided, as they will be if nobody changes them.</summary>
    public static GrantedNames? Granted(this RequestRow row, Profile? profile, CertificateRow? certificate)
    {
        if (certificate?.Parse() is { } signed)
            return Names(signed.Subject, signed.Sans);
        if (row.GrantedSubject is { } subject)
            return new GrantedNames { Subject = subject, Sans = SanText.Texts(row.GrantedSans ?? "[]") };
        if (row.PublicState != nameof(RequestState.Queued) || profile is null)
            return null;
        var proposed = row.Proposed(row.Parse(), profile);
        return Names(proposed.Subject, proposed.Sans);
    }

    public static GrantedNames Names(DistinguishedName subject, IReadOnlyList<SanEntry> sans) => new() { Subject = subject.ToString(), Sans = [.. sans.Select(s => s.ToString())] };

    public static RequestView Details(this RequestRow row, int approvalsNeeded, IReadOnlyList<ApprovalRow> approvals, CertificateRow? certificate, string? chainPem) => row.Summary() with
    {
        CsrPem = PemFile.Write("CERTIFICATE REQUEST", row.Csr),
        ApprovalsNeeded = approvalsNeeded,
        Approvals = [.. approvals.Select(a => new DecisionView
        {
            By = new ActorView { Kind = "administrator", Id = a.ApproverId, Name = a.ApproverName },
            At = DateTimeOffset.FromUnixTimeMilliseconds(a.ApprovedAt),
            IdentityCheck = a.IdentityCheck,
        })],
        CertificatePem = certificate is null ? null : PemFile.Write("CERTIFICATE", certificate.Der),
        ChainPem = chainPem,
    };
}
