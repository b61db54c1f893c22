using System.Globalization;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Server.Access;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Edge;
using Countersign.Server.Issuance;
using Countersign.Server.Profiles;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Countersign.Server.Requests;

/// <summary>/api/v1/requests: submit, poll, list, approve, reject.</summary>
internal static class RequestsApi
{
    private const int LargestBody = 256 * 1024;
    private const string DefaultProfile = "tls-server";
    private const int RetryAfterSeconds = 30;

    public static void MapRequestsApi(this WebApplication app)
    {
        var submit = app.MapGroup("/api/v1/requests").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator).Scope("requests");
        submit.MapPost("", Submit).Operation<RequestView>("submitRequest", StatusCodes.Status201Created).Produces<RequestView>(StatusCodes.Status202Accepted)
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody));

        var read = app.MapGroup("/api/v1/requests").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator, Role.Auditor).Scope("requests");
        read.MapGet("", List).Operation<Page<RequestView>>("listRequests");
        read.MapGet("{id}", Get).Operation<RequestView>("getRequest");

        var decide = app.MapGroup("/api/v1/requests").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer).Scope("decisions");
        decide.MapPost("{id}/approve", Approve).Operation<RequestView>("approveRequest");
        decide.MapPost("{id}/reject", Reject).Operation<RequestView>("rejectRequest");
        decide.MapPost("approve", ApproveMany).Operation<BulkResult>("approveRequests");
        decide.MapPost("reject", RejectMany).Operation<BulkResult>("rejectRequests");
    }

    private static async Task<JsonHttpResult<RequestView>> Submit(
        [FromBody] SubmitRequest body, [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey, HttpContext context, Intake intake, RequestQueue queue, ViewAssembly views, CancellationToken ct)
    {
        var actor = context.Actor();
        var submission = new Submission(context.OrganisationId(), body.Profile ?? DefaultProfile, CsrBytes(body.Csr), Door.Rest, RequesterOf(context, actor), actor)
        {
            ClaimedRequester = Short(body.Requester, "requester"),
            Contact = Short(body.Contact, "contact"),
            Comment = Short(body.Comment, "comment"),
            Renews = body.Renews,
            IdempotencyKey = IdempotencyKey.Of(idempotencyKey, body, ContractsJson.Default.SubmitRequest),
        };
        var outcome = await intake.Submit(submission, ct);
        context.Response.Headers.Location = RequestViews.PollUrl(outcome.RequestId);
        switch (outcome)
        {
            case SubmissionOutcome.Issued issued:
                using (IssuanceTelemetry.Step(IssuanceStep.Deliver))
                    return TypedResults.Json(await views.OfIssued(issued, submission, ct), ContractsJson.Default.RequestView, statusCode: StatusCodes.Status201Created);
            case SubmissionOutcome.Queued queued:
                context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                var row = await queue.Get(submission.OrganisationId, queued.RequestId, ct);
                return TypedResults.Json(await views.Of(row, ct), ContractsJson.Default.RequestView, statusCode: StatusCodes.Status202Accepted);
            default:
                throw new InvalidOperationException(outcome.GetType().Name);
        }
    }

    private static async Task<JsonHttpResult<RequestView>> Get(string id, HttpContext context, RequestQueue queue, ViewAssembly views, CancellationToken ct)
    {
        var row = NameReach.Of(context).Ensure(await queue.Get(context.OrganisationId(), id, ct));
        if (row.PublicState == "Queued")
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        using (row.CertificateId is null ? null : IssuanceTelemetry.Step(IssuanceStep.Deliver))
            return TypedResults.Json(await views.Of(row, ct), ContractsJson.Default.RequestView);
    }

    private static async Task<JsonHttpResult<Page<RequestView>>> List(
        HttpContext context, RequestQueue queue, RequestState? state, string? text, string? profile, string? door, string? after, int? limit, CancellationToken ct)
    {
        var size = Math.Clamp(limit ?? 50, 1, RequestQueue.LargestPage);
        var filter = new RequestFilter { State = state, Text = text, Profile = profile, Door = door };
        var (rows, next) = await NameReach.Of(context).Requests(after, size, (behind, most) => queue.List(context.OrganisationId(), filter, behind, most, ct));
        var page = new Page<RequestView> { Items = [.. rows.Select(r => r.Summary())], Next = next };
        return TypedResults.Json(page, ContractsJson.Default.PageRequestView);
    }

    private static async Task<JsonHttpResult<RequestView>> Approve(
        string id, [FromBody] ApproveRequest body, [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey, HttpContext context, Decisions decisions, DecisionKeys keys,
        RequestQueue queue, ViewAssembly views, CancellationToken ct)
    {
        var key = Key(context, IdempotencyKey.Of(idempotencyKey, body, ContractsJson.Default.ApproveRequest), "approve", id);
        await keys.Once(key, () => decisions.Approve(context.OrganisationId(), id, new Approval(body.IdentityCheck, body.Subject, body.Sans, key), context.Actor(), ct), ct);
        return TypedResults.Json(await views.Of(await queue.Get(context.OrganisationId(), id, ct), ct), ContractsJson.Default.RequestView);
    }

    private static async Task<JsonHttpResult<RequestView>> Reject(
        string id, [FromBody] RejectRequest body, [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey, HttpContext context, Decisions decisions, DecisionKeys keys,
        RequestQueue queue, ViewAssembly views, CancellationToken ct)
    {
        var key = Key(context, IdempotencyKey.Of(idempotencyKey, body, ContractsJson.Default.RejectRequest), "reject", id);
        await keys.Once(key, () => decisions.Reject(context.OrganisationId(), id, body.Reason, context.Actor(), ct, key), ct);
        return TypedResults.Json(await views.Of(await queue.Get(context.OrganisationId(), id, ct), ct), ContractsJson.Default.RequestView);
    }

    private static DecisionKey? Key(HttpContext context, IdempotencyKey? name, string act, string id) =>
        name is null ? null : new DecisionKey(context.OrganisationId(), context.Actor(), name, act, id);

    private static async Task<JsonHttpResult<BulkResult>> ApproveMany(
        [FromBody] BulkApprove body, [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey, HttpContext context, Decisions decisions, BulkDecisions bulk, CancellationToken ct)
    {
        var (organisation, officer) = (context.OrganisationId(), context.Actor());
        var name = Key(context, IdempotencyKey.Of(idempotencyKey, body, ContractsJson.Default.BulkApprove), "approve", "");
        var result = await bulk.Each(organisation, body.Ids, body.Filter, name, (id, key) => decisions.Approve(organisation, id, new Approval(body.IdentityCheck, Key: key), officer, ct), ct);
        return TypedResults.Json(result, ContractsJson.Default.BulkResult);
    }

    private static async Task<JsonHttpResult<BulkResult>> RejectMany(
        [FromBody] BulkReject body, [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey, HttpContext context, Decisions decisions, BulkDecisions bulk, CancellationToken ct)
    {
        var (organisation, officer) = (context.OrganisationId(), context.Actor());
        var name = Key(context, IdempotencyKey.Of(idempotencyKey, body, ContractsJson.Default.BulkReject), "reject", "");
        var result = await bulk.Each(organisation, body.Ids, body.Filter, name, (id, key) => decisions.Reject(organisation, id, body.Reason, officer, ct, key), ct);
        return TypedResults.Json(result, ContractsJson.Default.BulkResult);
    }

    private static Requester RequesterOf(HttpContext context, Actor actor) =>
        new(actor.Kind, actor.Id, actor.Name, NameAllowance.Of(context.CallerOrNull()!.Role, context.CallerOrNull()!.AllowedNames), actor.AdministratorId);

    /// <summary>PEM as it is, anything else as base64 of DER.</summary>
    private static byte[] CsrBytes(string csr)
    {
        if (csr.Contains("-----BEGIN", StringComparison.Ordinal))
            return Encoding.UTF8.GetBytes(csr);
        var der = new byte[(csr.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(csr.Trim(), der, out var written)
            ? der[..written]
            : throw new RefusalException(Refusal.Malformed, "the request is neither PEM nor DER in base64");
    }

    private static string? Short(string? text, string field) => text?.Trim() switch
    {
        null or "" => null,
        { Length: > 500 } long_ => throw new RefusalException(Refusal.TextTooLong, $"{field} has {long_.Length} characters, 500 are kept"),
        var kept => kept,
    };
}

/// <summary>Puts what several features know into one answer.</summary>
internal sealed class ViewAssembly(RequestQueue queue, Inventory inventory, KeyInUse keys, ProfileBook profiles, AuthorityDirectory authorities)
{
    public async Task<RequestView> Of(RequestRow row, CancellationToken ct)
    {
        var profile = await profiles.Look(row.OrganisationId, row.Profile, ct);
        var needed = profile?.ApprovalsNeeded ?? 1;
        var approvals = needed > 1 ? await queue.Approvals(row.OrganisationId, row.Id, ct) : [];
        var certificate = row.CertificateId is { } id ? await inventory.Get(row.OrganisationId, id, ct) : null;
        var chain = certificate is null ? null : await authorities.ChainPem(certificate.AuthorityId, ct);
        var view = row.Details(needed, approvals, certificate, chain) with { Granted = row.Granted(profile, certificate) };
        return row.State == "Queued" && await keys.Find(row.OrganisationId, row.Parse(), ct) is { } inUse
            ? view with { Findings = [.. view.Findings, inUse] }
            : view;
    }

    /// <summary>What was just issued, without reading it back.</summary>
    public async Task<RequestView> OfIssued(SubmissionOutcome.Issued outcome, Submission submission, CancellationToken ct)
    {
        return new RequestView
        {
            Id = outcome.RequestId,
            State = RequestState.Issued,
            Subject = outcome.Csr.Subject.ToString(),
            Sans = [.. outcome.Csr.Sans.Select(n => n.ToString())],
            Granted = RequestViews.Names(outcome.Names.Subject, outcome.Names.Sans),
            Key = outcome.Csr.Key.View(),
            Door = Doors.Spelled(Door.Rest),
            SourceAddress = submission.Actor.SourceAddress,
            Requester = new ActorView { Kind = submission.Requester.Kind, Id = submission.Requester.Id, Name = submission.ClaimedRequester ?? submission.Requester.Name, Contact = submission.Contact },
            ReceivedAt = outcome.Certificate.IssuedAt,
            Profile = submission.Profile,
            CertificateId = outcome.Certificate.Id,
            CertificatePem = PemFile.Write("CERTIFICATE", outcome.Certificate.Der),
            ChainPem = await authorities.ChainPem(outcome.Certificate.AuthorityId, ct),
            PollUrl = RequestViews.PollUrl(outcome.RequestId),
            Renews = submission.Renews,
        };
    }
}
