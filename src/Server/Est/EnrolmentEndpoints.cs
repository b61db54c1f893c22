using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Edge;

namespace Countersign.Server.Est;

/// <summary>/api/v1/enrolment: codes and accounts.</summary>
internal static class EnrolmentEndpoints
{
    internal static void MapEnrolment(this WebApplication app)
    {
        var group = app.MapGroup("/api/v1/enrolment").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer).Scope("enrolment");
        group.MapGet("/codes", (int? limit, string? after, EnrolmentCodes codes, HttpContext context, CancellationToken ct) =>
            codes.List(context.OrganisationId(), Math.Clamp(limit ?? 50, 1, 500), after, ct)).Operation<Page<EnrolmentCodeView>>("listEnrolmentCodes");
        group.MapPost("/codes", async (CreateEnrolmentCode body, EnrolmentCodes codes, HttpContext context, CancellationToken ct) =>
            Results.Json(await codes.Create(body, context.OrganisationId(), context.Actor(), ct), ContractsJson.Default.CreatedEnrolmentCode, statusCode: StatusCodes.Status201Created))
            .Operation<CreatedEnrolmentCode>("createEnrolmentCode", StatusCodes.Status201Created);
        group.MapDelete("/codes/{id}", async (string id, EnrolmentCodes codes, HttpContext context, CancellationToken ct) =>
        {
            await codes.Revoke(id, context.OrganisationId(), context.Actor(), ct);
            return Results.NoContent();
        }).Operation("revokeEnrolmentCode");
        group.MapGet("/accounts", (EnrolmentAccounts accounts, HttpContext context, CancellationToken ct) => accounts.List(context.OrganisationId(), ct))
            .Operation<IReadOnlyList<EnrolmentAccountView>>("listEnrolmentAccounts");
        group.MapPost("/accounts", async (CreateEnrolmentAccount body, EnrolmentAccounts accounts, HttpContext context, CancellationToken ct) =>
            Results.Json(await accounts.Create(body, context.OrganisationId(), context.Actor(), ct), ContractsJson.Default.CreatedEnrolmentAccount, statusCode: StatusCodes.Status201Created))
            .Operation<CreatedEnrolmentAccount>("createEnrolmentAccount", StatusCodes.Status201Created);
        group.MapDelete("/accounts/{id}", async (string id, EnrolmentAccounts accounts, HttpContext context, CancellationToken ct) =>
        {
            await accounts.Disable(id, context.OrganisationId(), context.Actor(), ct);
            return Results.NoContent();
        }).Operation("disableEnrolmentAccount");
    }
}
