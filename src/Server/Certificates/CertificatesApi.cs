using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Server.Access;
using Countersign.Server.Authorities;
using Countersign.Server.Edge;
using Countersign.Server.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Countersign.Server.Certificates;

/// <summary>/api/v1/certificates: search, details, files, revoke.</summary>
internal static class CertificatesApi
{
    public static void MapCertificatesApi(this WebApplication app)
    {
        var read = app.MapGroup("/api/v1/certificates")
            .RequireRole(Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator, Role.HelpDesk, Role.Auditor).Scope("certificates");
        read.MapGet("", List).Operation<Page<CertificateView>>("listCertificates");
        read.MapGet("{id}", Get).Operation<CertificateDetails>("getCertificate");
        read.MapGet("{id}/file", Download).FileOperation("downloadCertificate", "application/x-pem-file", "application/pkix-cert", "application/pkcs7-mime");

        var decide = app.MapGroup("/api/v1/certificates").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer).Scope("decisions");
        decide.MapPost("{id}/revoke", Revoke).Operation<CertificateDetails>("revokeCertificate");
        decide.MapPost("{id}/unrevoke", Unrevoke).Operation("unrevokeCertificate");
    }

    private static async Task<JsonHttpResult<Page<CertificateView>>> List(
        HttpContext context, Inventory inventory, AuthorityDirectory authorities, CertificateAnswers answers, string? text, CertificateState? state, DateTimeOffset? expiresBefore,
        string? requester, string? authorityId, string? after, int? limit, CancellationToken ct)
    {
        var size = Math.Clamp(limit ?? 50, 1, Inventory.LargestPage);
        var filter = new CertificateFilter { Text = text, State = state, ExpiresBefore = expiresBefore, Requester = requester, AuthorityId = authorityId };
        if (authorityId is { Length: > 0 })
            await authorities.Get(context.OrganisationId(), authorityId, ct);
        var (rows, next) = await NameReach.Of(context).Certificates(after, size, (behind, most) => inventory.Search(context.OrganisationId(), filter, behind, most, ct));
        var page = new Page<CertificateView> { Items = [.. rows.Select(answers.Summary)], Next = next, Cut = await inventory.IsCut(context.OrganisationId(), filter, ct) };
        return TypedResults.Json(page, ContractsJson.Default.PageCertificateView);
    }

    private static async Task<JsonHttpResult<CertificateDetails>> Get(string id, HttpContext context, Inventory inventory, CertificateAnswers answers, CancellationToken ct) =>
        TypedResults.Json(await answers.Details(NameReach.Of(context).Ensure(await inventory.Get(context.OrganisationId(), id, ct), id), ct), ContractsJson.Default.CertificateDetails);

    private static async Task<FileContentHttpResult> Download(
        string id, string? format, HttpContext context, Inventory inventory, CertificateAnswers answers, CancellationToken ct)
    {
        var row = NameReach.Of(context).Ensure(await inventory.Get(context.OrganisationId(), id, ct), id);
        if (!Enum.TryParse<CertificateFormat>(format ?? "pem", ignoreCase: true, out var chosen) || !Enum.IsDefined(chosen))
            throw new RefusalException(Refusal.Malformed, "format is pem, der, pkcs7 or chain");
        var (content, mediaType, extension) = await answers.File(row, chosen, ct);
        return TypedResults.File(content, mediaType, $"{row.Serial}.{extension}");
    }

    private static async Task<JsonHttpResult<CertificateDetails>> Revoke(
        string id, [FromBody] RevokeRequest body, [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey, HttpContext context, Revocation revocation, DecisionKeys keys,
        Inventory inventory, CertificateAnswers answers, CancellationToken ct)
    {
        var organisation = context.OrganisationId();
        if (!RevocationReasons.TryParse(body.Reason, out var reason))
            throw new RefusalException(Refusal.Malformed, $"reason is one of {string.Join(", ", RevocationReasons.Offered.Select(r => r.Name()))}");
        if (body.Comment?.Length > 500)
            throw new RefusalException(Refusal.TextTooLong, "500 characters of comment are kept");
        if (!body.Confirm)
        {
            var row = await inventory.Get(organisation, id, ct);
            throw new RefusalException(Refusal.ConfirmationRequired, $"whatever {row.Subject} uses this certificate for stops working, for good")
            {
                Facts = new Dictionary<string, object?>(StringComparer.Ordinal) { ["affected"] = 1, ["certificateId"] = row.Id },
            };
        }
        var actor = context.Actor();
        var key = IdempotencyKey.Of(idempotencyKey, body, ContractsJson.Default.RevokeRequest) is { } name ? new DecisionKey(organisation, actor, name, "revoke", id) : null;
        await keys.Once(key, () => revocation.Revoke(organisation, id, reason, body.Comment, actor, ct, key), ct);
        return TypedResults.Json(await answers.Details(await inventory.Get(organisation, id, ct), ct), ContractsJson.Default.CertificateDetails);
    }

    private static async Task<NoContent> Unrevoke(string id, HttpContext context, Revocation revocation, CancellationToken ct)
    {
        await revocation.Unrevoke(context.OrganisationId(), id, ct);
        return TypedResults.NoContent();
    }
}
