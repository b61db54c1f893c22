using System.Globalization;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Requests;
using Countersign.Server.Resources;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Ui;

/// <summary>Something that waits for a person, with the button that leads to it.</summary>
internal sealed record StartDecision(string Kind, string Icon, string Title, string Text, string Href, string? Button, bool Primary = false);

/// <summary>One bar of the picture.</summary>
internal sealed record ExpiryWeek(string Label, bool Month, long Count, bool Soon, string Text, string Href);

/// <summary>What the start page tells: decisions first, then the year ahead.</summary>
internal sealed class StartFacts(
    RequestQueue queue, Inventory inventory, AuthorityReminders authorities, Administrators administrators, TimeProvider clock, IStringLocalizer<Text> text)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private const int Weeklong = 7;
    private const int WeeksShown = 58;
    private static readonly int[] Ahead = [7, 30];

    internal async Task<IReadOnlyList<StartDecision>> Decisions(HttpContext context, CancellationToken ct)
    {
        var organisation = context.OrganisationId();
        var found = new List<StartDecision>();
        await Authority(found, organisation, ct);
        if (!context.User.IsInRole(nameof(Role.HelpDesk)))
        {
            await Waiting(found, context, ct);
        }

        await Ending(found, organisation, ct);
        if (context.User.IsInRole(nameof(Role.PrimaryAdministrator)))
        {
            await People(found, organisation, ct);
        }

        return found.Count > 0 ? found : [new StartDecision("ok", "circle-check", text["Start.Nothing"], text["Start.NothingText"], "/certificates", text["Start.LookCertificates"])];
    }

    /// <summary>Certificates that end, counted by week from today.</summary>
    internal async Task<IReadOnlyList<ExpiryWeek>> Weeks(string organisation, CancellationToken ct)
    {
        var today = clock.GetUtcNow().UtcDateTime.Date;
        var days = await inventory.Expiring(organisation, new DateTimeOffset(today.AddDays(Weeklong * WeeksShown), TimeSpan.Zero), ct);
        var first = (long)(today - DateTime.UnixEpoch).TotalDays;
        var counts = days.GroupBy(d => (d.Day - first) / Weeklong).ToDictionary(g => g.Key, g => g.Sum(d => d.Certificates));
        return [.. Enumerable.Range(0, WeeksShown).Select(week =>
        {
            var from = today.AddDays(week * Weeklong);
            var to = from.AddDays(Weeklong - 1);
            var count = counts.GetValueOrDefault(week);
            var newMonth = week == 0 || from.Month != from.AddDays(-Weeklong).Month;
            var range = $"{from.ToString("d MMM", CultureInfo.CurrentCulture)} – {to.ToString("d MMM yyyy", CultureInfo.CurrentCulture)}";
            return new ExpiryWeek(from.ToString("MMM", CultureInfo.CurrentCulture), newMonth, count, week * Weeklong < Ahead[^1], $"{range}: {text.Count("Start.WeekCount", count)}",
                $"/certificates?within={(week + 1) * Weeklong}");
        })];
    }

    private async Task Authority(List<StartDecision> found, string organisation, CancellationToken ct)
    {
        foreach (var (matter, authority, at) in await authorities.Of(organisation, ct))
        {
            var name = authority?.Certificate.Subject.CommonName ?? authority?.Id ?? "";
            var left = text.Distance(at - clock.GetUtcNow());
            var href = $"/authorities/{authority?.Id}";
            found.Add(matter switch
            {
                AuthorityMatter.Missing => new StartDecision(
                    "bad", "building-bank", text["Start.NoAuthority"], text["Start.NoAuthorityText"], "/authorities/new", text["Start.MakeAuthority"], Primary: true),
                AuthorityMatter.Insecure => new StartDecision(
                    "bad", "shield-off", text["Start.Insecure", name], text["Start.InsecureText"], href, text["Start.LookAuthority"], Primary: true),
                AuthorityMatter.Ends => new StartDecision(
                    "warn", "building-bank", text["Start.AuthorityEnds", name, left], text["Start.AuthorityEndsText"], href, text["Start.RollOver"], Primary: true),
                _ => new StartDecision(
                    "warn", "building-bank", text["Start.ListsEnd", name, left], text["Start.ListsEndText"], href + "?dialog=lists", text["Start.SignLists"], Primary: true),
            });
        }
    }

    private async Task Waiting(List<StartDecision> found, HttpContext context, CancellationToken ct)
    {
        var organisation = context.OrganisationId();
        var decides = context.User.IsInRole(nameof(Role.PrimaryAdministrator)) || context.User.IsInRole(nameof(Role.CaOfficer));
        var count = await queue.CountQueued(organisation, ct);
        if (count > 0)
        {
            var first = await queue.List(organisation, new RequestFilter { State = RequestState.Queued }, null, 1, ct);
            var since = first.Count == 0 ? "" : Waited(clock.GetUtcNow() - first[0].Received);
            found.Add(new StartDecision("wait", "inbox", text.Count("Requests.Waiting", count), since, "/requests", text[decides ? "Start.Decide" : "Start.LookQueue"], decides));
        }
    }

    private string Waited(TimeSpan length) => length < TimeSpan.FromMinutes(1) ? text["Start.OldestNew"] : text["Start.Oldest", text.Span(length)];

    private async Task Ending(List<StartDecision> found, string organisation, CancellationToken ct)
    {
        var days = await inventory.Expiring(organisation, clock.GetUtcNow().AddDays(Ahead[^1]), ct);
        var count = days.Sum(d => d.Certificates);
        if (count > 0)
        {
            var first = DateTimeOffset.UnixEpoch.AddDays(days[0].Day);
            var soon = first - clock.GetUtcNow() < TimeSpan.FromDays(Ahead[0]);
            found.Add(new StartDecision(soon ? "bad" : "warn", "hourglass", text.Count("Start.Ending", count), text["Start.EndingFirst", first.ToString("d MMM yyyy", CultureInfo.CurrentCulture)],
                $"/certificates?within={Ahead[^1]}", text["Start.LookEnding"]));
        }
    }

    private async Task People(List<StartDecision> found, string organisation, CancellationToken ct)
    {
        var all = await administrators.List(organisation, ct);
        if (all.FirstOrDefault(a => a.LockedUntil > clock.GetUtcNow()) is { } locked)
        {
            found.Add(new StartDecision("bad", "lock", text["Start.Locked", locked.Name], text["Start.LockedText"], $"/administrators/{locked.Id}", text["Start.LookAccount"]));
        }

        if (all.Count(a => a is { Enabled: true, Role: nameof(Role.PrimaryAdministrator) }) == 1)
        {
            found.Add(new StartDecision("info", "users-group", text["Start.Alone"], text["Start.AloneText"], "/administrators?dialog=new", text["Start.AddAdministrator"]));
        }
    }
}
