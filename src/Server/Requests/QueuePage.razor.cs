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

    // The decision whose statement was left out: its dialog opens again, with the same requests chosen.
    private string? _missing;

    private string StateName => Tabs.FirstOrDefault(t => t == Query("state")) ?? "Queued";

    private bool Filtered => Query("text") is not null || Query("profile") is not null || Query("door") is not null;

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

    private static string NameOf(RequestView row) => DistinguishedName.Parse(row.Subject).CommonName ?? (row.Sans.Count > 0 ? row.Sans[0] : row.Subject);

    private static string SansOf(RequestView row) => row.Sans.Count == 0 ? row.Subject : string.Join(", ", row.Sans.Take(4)) + (row.Sans.Count > 4 ? " …" : "");
}
