using System.Threading.Channels;
using Countersign.Server.Access;
using Countersign.Server.Ui;

namespace Countersign.Server.Requests;

/// <summary>What the pages of the queue need beside themselves: news while a page is open, and the list as a file.</summary>
internal static class RequestsPages
{
    // Another server's changes are seen at the next look; a line to the browser every few seconds also tells proxies that the page is open.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(4);

    internal static void MapRequestsPages(this WebApplication app)
    {
        var pages = app.MapGroup("").RequireAuthorization(policy => policy.RequireRole(ConsoleRoles.SeeRequests.Split(',')));
        pages.MapGet("/requests/live", Live).DisableRequestTimeout();
        pages.MapGet("/requests.csv", Export);
    }

    /// <summary>Server-sent events: "changed" whenever the queue of the caller's organisation changed.</summary>
    private static async Task Live(HttpContext context, RequestLedger ledger, RequestQueue queue, CancellationToken ct)
    {
        var organisation = context.OrganisationId();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Note(string changed)
        {
            if (changed == organisation)
            {
                news.Writer.TryWrite(true);
            }
        }

        ledger.QueueChanged += Note;
        try
        {
            await context.Response.WriteAsync("retry: 3000\n\n", ct);
            await context.Response.Body.FlushAsync(ct);
            var last = await queue.Standing(organisation, ct);
            while (!ct.IsCancellationRequested)
            {
                var heard = await Heard(news.Reader, ct);
                var now = await queue.Standing(organisation, ct);
                await context.Response.WriteAsync(heard || now != last ? "event: changed\ndata: 1\n\n" : ": still there\n\n", ct);
                await context.Response.Body.FlushAsync(ct);
                last = now;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The page was closed.
        }
        finally
        {
            ledger.QueueChanged -= Note;
        }
    }

    private static async Task<bool> Heard(ChannelReader<bool> news, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(BetweenLooks);
        try
        {
            return await news.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private static IResult Export(HttpContext context, RequestQueue queue)
    {
        var filter = QueuePage.FilterOf(context.Request.Query);
        var oldestFirst = QueuePage.OldestFirst(context.Request.Query);
        string[] head = ["id", "state", "subject", "alternative names", "profile", "door", "source address", "requester", "contact", "received", "decided by", "decided", "reason", "certificate"];
        return Csv.File("requests", head, (after, ct) => queue.List(context.OrganisationId(), filter, oldestFirst, after, RequestQueue.LargestPage, ct), r => r.Id, r =>
        [
            r.Id, r.PublicState, r.Subject, string.Join(' ', r.SanTexts), r.Profile, Doors.Spelled(r.Door), r.SourceAddress, r.HolderName, r.Contact, Csv.Time(r.ReceivedAt),
            r.DecidedByName, Csv.Time(r.DecidedAt), r.Reason, r.CertificateId,
        ]);
    }
}
