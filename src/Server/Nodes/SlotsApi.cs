using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Server.Access;
using Countersign.Server.Edge;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Countersign.Server.Nodes;

/// <summary>/api/v1/slots and /installations: what is in a slot, and how something else gets there.</summary>
internal static class SlotsApi
{
    private const int LargestImport = 4 * 1024 * 1024;

    public static void MapSlotsApi(this WebApplication app)
    {
        var read = app.MapGroup("/api/v1").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator, Role.HelpDesk, Role.Auditor).Scope("nodes").AddEndpointFilter(NodesFeature.RefuseLimited);
        read.MapGet("slots/{id}", Get).Operation<SlotView>("getSlot");
        read.MapGet("slots/{id}/history", History).Operation<IReadOnlyList<InstallationView>>("getSlotHistory");
        read.MapGet("slots/{id}/form", Form).Operation<SlotFormView>("getSlotForm");
        read.MapGet("slots/{id}/request", OpenRequest).Operation<SlotRequestView>("getSlotRequest");
        read.MapGet("slots/{id}/order-sheet", Order).Operation<OrderSheet>("getOrderSheet");
        read.MapGet("slots/{id}/certificate", Download).FileOperation("downloadSlotCertificate", "application/pkix-cert", "application/x-pem-file");

        var write = app.MapGroup("/api/v1").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator).Scope("nodes").AddEndpointFilter(NodesFeature.RefuseLimited);
        write.MapPut("slots/{id}/names", SaveNames).Operation<SlotView>("saveSlotNames");
        write.MapPost("slots/{id}/generate", Generate).Operation<SlotGenerated>("generateForSlot");
        write.MapPost("slots/{id}/import", Import).Operation<SlotView>("importIntoSlot").WithMetadata(new RequestSizeLimitAttribute(LargestImport));
        write.MapPost("installations/{id}/activate", Activate).Operation<SlotView>("activateInstallation");
        read.MapGet("slots/{id}/key-exports", Exports).Operation<IReadOnlyList<KeyExportView>>("listKeyExports");
        write.MapPost("slots/{id}/key-exports", AskExport).Operation<KeyExportView>("askKeyExport", StatusCodes.Status201Created);
        write.MapPost("key-exports/{id}/file", TakeExport).FileOperation("takeKeyExport", "application/x-pkcs12");
        var decide = app.MapGroup("/api/v1").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer).Scope("decisions").AddEndpointFilter(NodesFeature.RefuseLimited);
        decide.MapPost("key-exports/{id}/approve", ApproveExport).Operation<KeyExportView>("approveKeyExport");
    }

    private static async Task<JsonHttpResult<SlotView>> Get(string id, HttpContext context, Slots slots, SlotViews views, CancellationToken ct) => await Answer(context, id, slots, views, ct);

    private static async Task<JsonHttpResult<IReadOnlyList<InstallationView>>> History(string id, HttpContext context, Slots slots, CancellationToken ct)
    {
        var owned = await slots.Get(context.OrganisationId(), id, ct);
        IReadOnlyList<InstallationView> history = [.. (await slots.History(context.OrganisationId(), owned.Slot.Id, ct)).Select(SlotViews.View)];
        return TypedResults.Json(history, ContractsJson.Default.IReadOnlyListInstallationView);
    }

    private static async Task<JsonHttpResult<SlotFormView>> Form(string id, HttpContext context, Slots slots, SlotViews views, CancellationToken ct) =>
        TypedResults.Json(await views.Form(await slots.Get(context.OrganisationId(), id, ct), ct), ContractsJson.Default.SlotFormView);

    private static async Task<JsonHttpResult<SlotRequestView>> OpenRequest(string id, HttpContext context, Slots slots, CancellationToken ct)
    {
        await slots.Get(context.OrganisationId(), id, ct);
        var open = await slots.OpenRequest(id, ct) ?? throw new RefusalException(Refusal.NotFound, "no request is open in this slot");
        return TypedResults.Json(SlotViews.View(open), ContractsJson.Default.SlotRequestView);
    }

    private static async Task<JsonHttpResult<OrderSheet>> Order(string id, OrderFrom? from, HttpContext context, OrderSheets sheets, CancellationToken ct) =>
        TypedResults.Json(await sheets.Of(context.OrganisationId(), id, from ?? OrderFrom.PublicAuthority, ct), ContractsJson.Default.OrderSheet);

    // EXP-A1: DER unless somebody says otherwise; never a key
    internal static async Task<FileContentHttpResult> Download(string id, string? format, HttpContext context, Slots slots, CancellationToken ct)
    {
        await slots.Get(context.OrganisationId(), id, ct);
        var current = (await slots.Current(context.OrganisationId(), [id], ct))[id].OrderByDescending(i => i.State == InstallationState.Active).FirstOrDefault()
            ?? throw new RefusalException(Refusal.NotFound, "there is no certificate in this slot");
        var leaf = PemFile.Write("CERTIFICATE", current.Leaf);
        return (format ?? "der") switch
        {
            "der" => TypedResults.File(current.Leaf, "application/pkix-cert", $"{current.Certificate.SerialHex}.cer"),
            "pem" => TypedResults.File(System.Text.Encoding.ASCII.GetBytes(leaf), "application/x-pem-file", $"{current.Certificate.SerialHex}.pem"),
            "chain" => TypedResults.File(System.Text.Encoding.ASCII.GetBytes(leaf + current.Chain), "application/x-pem-file", $"{current.Certificate.SerialHex}-chain.pem"),
            _ => throw new RefusalException(Refusal.Malformed, "format is der, pem or chain"),
        };
    }

    private static async Task<JsonHttpResult<SlotView>> SaveNames(string id, [FromBody] SaveServedNames body, HttpContext context, Slots slots, SlotViews views, CancellationToken ct)
    {
        await slots.SaveNames(context.OrganisationId(), id, body, context.Actor(), ct);
        return await Answer(context, id, slots, views, ct);
    }

    private static async Task<JsonHttpResult<SlotGenerated>> Generate(
        string id, [FromBody] GenerateForSlot body, HttpContext context, Slots slots, SlotGeneration generation, SlotViews views, CancellationToken ct)
    {
        var outcome = await generation.Generate(context.OrganisationId(), id, body, context.Actor(), ct);
        var answer = new SlotGenerated
        {
            Slot = await views.Of(await slots.Get(context.OrganisationId(), id, ct), ct),
            CsrPem = outcome.Csr is { } csr ? PemFile.Write("CERTIFICATE REQUEST", csr) : null,
            RequestId = outcome.QueuedId,
            Hints = outcome.Hints,
        };
        return TypedResults.Json(answer, ContractsJson.Default.SlotGenerated);
    }

    private static async Task<JsonHttpResult<SlotView>> Import(string id, [FromBody] ImportIntoSlot body, HttpContext context, Slots slots, SlotImport import, SlotViews views, CancellationToken ct)
    {
        await import.Import(context.OrganisationId(), id, body, context.Actor(), ct);
        return await Answer(context, id, slots, views, ct);
    }

    private static async Task<JsonHttpResult<SlotView>> Activate(
        string id, [FromBody] ActivateInstallation body, HttpContext context, Slots slots, SlotListeners listeners, SlotViews views, CancellationToken ct)
    {
        var installation = await slots.Installation(context.OrganisationId(), id, ct);
        await listeners.Activate(await slots.Get(context.OrganisationId(), installation.SlotId, ct), installation, body.SeenByHand, context.Actor(), ct);
        return await Answer(context, installation.SlotId, slots, views, ct);
    }

    private static async Task<JsonHttpResult<IReadOnlyList<KeyExportView>>> Exports(string id, HttpContext context, KeyExports exports, CancellationToken ct)
    {
        IReadOnlyList<KeyExportView> views = [.. (await exports.Of(context.OrganisationId(), id, ct)).Select(SlotViews.View)];
        return TypedResults.Json(views, ContractsJson.Default.IReadOnlyListKeyExportView);
    }

    private static async Task<JsonHttpResult<KeyExportView>> AskExport(string id, HttpContext context, KeyExports exports, CancellationToken ct) => TypedResults.Json(
        SlotViews.View(await exports.Ask(context.OrganisationId(), id, context.Actor(), ct)), ContractsJson.Default.KeyExportView, statusCode: StatusCodes.Status201Created);

    private static async Task<JsonHttpResult<KeyExportView>> ApproveExport(string id, HttpContext context, KeyExports exports, CancellationToken ct)
    {
        await exports.Approve(context.OrganisationId(), id, context.Actor(), ct);
        return TypedResults.Json(SlotViews.View(await exports.Get(context.OrganisationId(), id, ct)), ContractsJson.Default.KeyExportView);
    }

    private static async Task<FileContentHttpResult> TakeExport(string id, [FromBody] TakeKeyExport body, HttpContext context, KeyExports exports, CancellationToken ct) =>
        TypedResults.File(await exports.Take(context.OrganisationId(), id, body.Password, context.Actor(), ct), "application/x-pkcs12", $"{id}.p12");

    private static async Task<JsonHttpResult<SlotView>> Answer(HttpContext context, string id, Slots slots, SlotViews views, CancellationToken ct) =>
        TypedResults.Json(await views.Of(await slots.Get(context.OrganisationId(), id, ct), ct), ContractsJson.Default.SlotView);
}
