using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Ui;

namespace Countersign.Server.Requests;

public sealed partial class QueuePage : ConsolePage
{
    private static readonly string[] Tabs = ["Queued", "Issued", "Rejected", "Expired", "All"];

    private readonly Dictionary<string, string> _titles = new(StringComparer.Ordinal);
    private IReadOnlyList<RequestView> _rows = [];
    private IReadOnlyList<(string, string)> _profiles = [];
    private string? _next;
    private long _waiting;
    private bool _mayDecide;
    private BulkResult? _bulk;
    private IReadOnlyDictionary<string, string> _refused = new Dictionary<string, string>();

    // The decision whose statement was left out: its dialog opens again, with the same requests chosen.
    private string? _missing;

    private string StateName => Tabs.FirstOrDefault(t => t == Query("state")) ?? "Queued";

    private bool Filtered => Query("text") is not null || Query("profile") is not null || Query("door") is not null;

    // What is decided does not change.
    private string? LiveAt => StateName is "Queued" or "All" ? "/requests/live" : null;

    private string ExportHref => "/requests.csv" + Http.Request.QueryString;

    private IEnumerable<(string, string)> DoorOptions =>
        [("", L["All"]), .. Enum.GetValues<Door>().Select(Doors.Spelled).Select(d => (d, L[$"Door.{d}"].Value))];

    protected override async Task OnInitializedAsync()
    {
        _mayDecide = Is(Role.PrimaryAdministrator, Role.CaOfficer);
        var profiles = await Profiles.List(Organisation, Ct);
        foreach (var profile in profiles)
        {
            _titles[profile.Name] = profile.Title;
        }

        _profiles = [("", L["All"]), .. profiles.Select(p => (p.Name, p.Title))];
        await Try(Load);
    }

    private async Task Load()
    {
        _waiting = await Queue.CountQueued(Organisation, Ct);
        var rows = await Queue.List(Organisation, FilterOf(Http.Request.Query), OldestFirst(Http.Request.Query), Query("after"), PageSize, Ct);
        _rows = [.. rows.Select(r => r.Summary())];
        _next = rows.Count == PageSize ? rows[^1].Id : null;
    }

    private async Task Bulk()
    {
        var ids = PostedAll("id").Take(BulkDecisions.Largest).ToList();
        var approve = Posted("decision") == "approve";
        if (ids.Count == 0)
        {
            return;
        }

        if (Posted(approve ? "identity" : "reason") is not { } statement)
        {
            _missing = approve ? "approve" : "reject";
            return;
        }

        _bulk = await Many.Each(Organisation, ids, filter: null, key: null,
            (id, _) => approve ? Decide.Approve(Organisation, id, new Approval(statement), Actor, Ct) : Decide.Reject(Organisation, id, statement, Actor, Ct), Ct);
        var refused = await Queue.Names(Organisation, [.. _bulk.Items.Where(i => i.Problem is not null).Select(i => i.Id)], Ct);
        _refused = refused.ToDictionary(r => r.Id, r => NameOf(r.Subject, Issuance.SanText.Texts(r.Sans)), StringComparer.Ordinal);
        await Try(Load);
    }

    /// <summary>What waits longest comes first unless asked otherwise; of what is decided, the newest.</summary>
    internal static bool OldestFirst(IQueryCollection query) => query["sort"].ToString() switch
    {
        "since" => true,
        "-since" => false,
        _ => FilterOf(query).State == RequestState.Queued,
    };

    internal static RequestFilter FilterOf(IQueryCollection query) => new()
    {
        State = query["state"].ToString() switch
        {
            "All" => null,
            "Issued" => RequestState.Issued,
            "Rejected" => RequestState.Rejected,
            "Expired" => RequestState.Expired,
            _ => RequestState.Queued,
        },
        Text = query["text"],
        Profile = query["profile"],
        Door = query["door"].ToString() is { Length: > 0 } door ? Doors.Spelled(Doors.Parse(door)) : null,
    };

    private static string NameOf(RequestView row) => NameOf(row.Subject, row.Sans);

    private static string NameOf(string subject, IReadOnlyList<string> sans) => DistinguishedName.Parse(subject).CommonName ?? (sans.Count > 0 ? sans[0] : subject);

    private static string SansOf(RequestView row) => row.Sans.Count == 0 ? row.Subject : string.Join(", ", row.Sans.Take(4)) + (row.Sans.Count > 4 ? " …" : "");
}
