using System.Text.Json;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Resources;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Ui;

/// <summary>One line of what happened.</summary>
internal sealed record NewsItem(string Icon, string Title, string Who, DateTimeOffset At, string? Href);

/// <summary>What happened lately, for the start page.</summary>
internal sealed class News(AuditLog audit, ObjectNames names, IStringLocalizer<Text> text)
{
    private const int Looked = 50;
    private const int Shown = 8;

    /// <summary>What others and the server itself did since this person's sign-in before the present one.</summary>
    internal async Task<IReadOnlyList<NewsItem>> For(HttpContext context, CancellationToken ct)
    {
        var (organisation, own) = (context.OrganisationId(), context.Actor().Id);
        var signIns = await audit.Page(organisation, new AuditFilter(Action: "session.start", Actor: own), 2, null, ct);
        var since = signIns.Rows.Count == 2 ? signIns.Rows[1].Time : (DateTimeOffset?)null;
        var page = await audit.Page(organisation, new AuditFilter(From: since), Looked, null, ct);
        AuditRow[] rows = [.. page.Rows.Where(r => r.Action != "session.start" && r.ObjectKind is "request" or "certificate" or "authority" or "profile" or "administrator" or "enrolment_account").Take(Shown)];
        var named = await names.Of(organisation, rows, ct);
        return [.. rows.Select(r => new NewsItem(
            ActionText.Icon(r.ObjectKind), Told(r, named.GetValueOrDefault(r.ObjectId) ?? Subject(r)), r.ActorName, r.Time, ActionText.Href(r.ObjectKind, r.ObjectId)))];
    }

    private string Told(AuditRow row, string? name) =>
        text["Start.NewsItem", text[$"Object.{row.ObjectKind}"].Value, ActionText.Of(row.Action, text), name is null ? "" : " · " + name];

    // Of a thing that is gone the record itself may still know what it was; a profile's id is its name.
    private static string? Subject(AuditRow row)
    {
        if (row.ObjectKind == "profile")
        {
            return row.ObjectId;
        }

        using var facts = JsonDocument.Parse(row.Detail);
        return facts.RootElement.ValueKind == JsonValueKind.Object && facts.RootElement.TryGetProperty("subject", out var said) ? said.GetString() : null;
    }
}
