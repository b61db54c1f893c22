using System.Text;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Ui;
using Microsoft.AspNetCore.Mvc;

namespace Countersign.Server.Nodes;

/// <summary>What the pages of the equipment give as files.</summary>
internal static class NodesPages
{
    internal static void MapNodesPages(this WebApplication app)
    {
        var pages = app.MapGroup("").RequireAuthorization(policy => policy.RequireRole(ConsoleRoles.Everybody.Split(',')));
        pages.MapGet("/slots/{id}/download/{format}", (string id, string format, HttpContext context, Slots slots, CancellationToken ct) => SlotsApi.Download(id, format, context, slots, ct));
        pages.MapGet("/slots/{id}/request.csr", Request);
        app.MapPost("/slots/key-exports/{id}", TakeKey).RequireAuthorization(policy => policy.RequireRole(ConsoleRoles.Submitters.Split(',')));
    }

    // A form of the console: its anti-forgery token is checked with the binding of the password.
    private static async Task<IResult> TakeKey(string id, [FromForm] string password, HttpContext context, KeyExports exports, CancellationToken ct) =>
        TypedResults.File(await exports.Take(context.OrganisationId(), id, password, context.Actor(), ct), "application/x-pkcs12", "key-and-certificate.p12");

    private static async Task<IResult> Request(string id, HttpContext context, Slots slots, CancellationToken ct)
    {
        var owned = await slots.Get(context.OrganisationId(), id, ct);
        var open = await slots.OpenRequest(id, ct) ?? throw new RefusalException(Refusal.NotFound, "no request is open in this slot");
        return TypedResults.File(Encoding.ASCII.GetBytes(SlotViews.View(open).CsrPem), "application/pkcs10", $"{owned.Owner.Name}-{owned.Slot.Kind}.csr");
    }
}
