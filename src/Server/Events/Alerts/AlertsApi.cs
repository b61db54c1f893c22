using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Edge;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Countersign.Server.Events.Alerts;

/// <summary>/api/v1/alerts: rules, tests, silence, and the mail server. Read by auditors too, changed by primary administrators.</summary>
internal static class AlertsApi
{
    internal static void MapAlertsApi(this WebApplication app)
    {
        var read = app.MapGroup("/api/v1/alerts").RequireRole(Role.PrimaryAdministrator, Role.Auditor).Scope("alerts");
        read.MapGet("", List).Operation<IReadOnlyList<AlertView>>("listAlerts");
        read.MapGet("mail", Mail).Operation<MailServerView>("getMailServer");
        read.MapGet("{id}", Get).Operation<AlertView>("getAlert");

        var change = app.MapGroup("/api/v1/alerts").RequireRole(Role.PrimaryAdministrator).Scope("alerts");
        change.MapPost("", Create).Operation<CreatedAlert>("createAlert", StatusCodes.Status201Created);
        change.MapPut("mail", SaveMail).Operation<MailServerView>("saveMailServer");
        change.MapPut("{id}", Change).Operation<AlertView>("changeAlert");
        change.MapDelete("{id}", Remove).Operation("removeAlert");
        change.MapPost("{id}/test", Test).Operation<AlertTest>("testAlert");
        change.MapPost("{id}/mute", Mute).Operation<AlertView>("muteAlert");
    }

    private static async Task<JsonHttpResult<IReadOnlyList<AlertView>>> List(HttpContext context, AlertRules rules, CancellationToken ct) =>
        TypedResults.Json<IReadOnlyList<AlertView>>([.. (await rules.List(context.OrganisationId(), ct)).Select(r => r.View)], ContractsJson.Default.IReadOnlyListAlertView);

    private static async Task<JsonHttpResult<AlertView>> Get(string id, HttpContext context, AlertRules rules, CancellationToken ct) =>
        TypedResults.Json((await rules.Get(context.OrganisationId(), id, ct)).View, ContractsJson.Default.AlertView);

    private static async Task<JsonHttpResult<CreatedAlert>> Create([FromBody] SaveAlert body, HttpContext context, AlertRules rules, CancellationToken ct)
    {
        var made = await rules.Create(context.OrganisationId(), body, context.Actor(), ct);
        context.Response.Headers.Location = $"/api/v1/alerts/{made.Alert.Id}";
        return TypedResults.Json(made, ContractsJson.Default.CreatedAlert, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<JsonHttpResult<AlertView>> Change(string id, [FromBody] SaveAlert body, HttpContext context, AlertRules rules, CancellationToken ct) =>
        TypedResults.Json(await rules.Change(context.OrganisationId(), id, body, context.Actor(), ct), ContractsJson.Default.AlertView);

    private static async Task<NoContent> Remove(string id, HttpContext context, AlertRules rules, CancellationToken ct)
    {
        await rules.Remove(context.OrganisationId(), id, context.Actor(), ct);
        return TypedResults.NoContent();
    }

    private static async Task<JsonHttpResult<AlertTest>> Test(string id, HttpContext context, AlertRules rules, AlertSender sender, CancellationToken ct) =>
        TypedResults.Json(await sender.Test(await rules.Get(context.OrganisationId(), id, ct), ct), ContractsJson.Default.AlertTest);

    private static async Task<JsonHttpResult<AlertView>> Mute(string id, [FromBody] MuteAlert body, HttpContext context, AlertRules rules, CancellationToken ct) =>
        TypedResults.Json(await rules.Mute(context.OrganisationId(), id, body.Until, context.Actor(), ct), ContractsJson.Default.AlertView);

    private static async Task<JsonHttpResult<MailServerView>> Mail(HttpContext context, MailServers servers, CancellationToken ct) =>
        TypedResults.Json(await servers.Find(context.OrganisationId(), ct) ?? throw new RefusalException(Refusal.NotFound, "no mail server is set"), ContractsJson.Default.MailServerView);

    private static async Task<JsonHttpResult<MailServerView>> SaveMail([FromBody] SaveMailServer body, HttpContext context, MailServers servers, CancellationToken ct) =>
        TypedResults.Json(await servers.Save(context.OrganisationId(), body, context.Actor(), ct), ContractsJson.Default.MailServerView);
}
