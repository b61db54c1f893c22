using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Ui;

namespace Countersign.Server.Certificates;

/// <summary>What the pages of the inventory give as files.</summary>
internal static class CertificatesPages
{
    internal static void MapCertificatesPages(this WebApplication app)
    {
        var pages = app.MapGroup("").RequireAuthorization(policy => policy.RequireRole(ConsoleRoles.Everybody.Split(',')));
        pages.MapGet("/certificates/{id}/download/{format}", Download);
        pages.MapGet("/certificates.csv", Export);
    }

    /// <summary>What a certificate is called in lists: common name, else its first alternative name.</summary>
    internal static string NameOf(CertificateView row) =>
        Pki.X509.DistinguishedName.Parse(row.Subject).CommonName ?? (row.Sans.Count > 0 ? row.Sans[0] : row.Subject);

    private static async Task<IResult> Download(string id, string format, HttpContext context, Inventory inventory, CertificateAnswers answers, CancellationToken ct)
    {
        var row = await inventory.Get(context.OrganisationId(), id, ct);
        if (!Enum.TryParse<CertificateFormat>(format, ignoreCase: true, out var chosen) || !Enum.IsDefined(chosen))
        {
            throw new RefusalException(Refusal.NotFound, format);
        }

        var (content, mediaType, extension) = await answers.File(row, chosen, ct);
        return TypedResults.File(content, mediaType, $"{row.Serial}.{extension}");
    }

    private static IResult Export(HttpContext context, Inventory inventory, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var filter = InventoryPage.FilterOf(context.Request.Query, now);
        string[] head = ["id", "serial", "subject", "alternative names", "state", "not before", "not after", "requester", "profile", "authority", "revoked", "reason"];
        var order = CertificateOrders.Of(context.Request.Query["sort"], filter);
        return Csv.File("certificates", head, (after, ct) => inventory.Search(context.OrganisationId(), filter, order, after, Inventory.LargestPage, ct), c => order.Cursor(c), c =>
        [
            c.Id, c.Serial, c.Subject, string.Join(' ', c.SanTexts), c.StateAt(now).ToString(), Csv.Time(c.NotBefore), Csv.Time(c.NotAfter), c.Requester, c.Profile, c.AuthorityId,
            Csv.Time(c.RevokedAt), c.RevocationReason?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ]);
    }
}
