using Countersign.Contracts;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Ui;
using Microsoft.AspNetCore.Components;

namespace Countersign.Server.Requests;

public sealed partial class RequestPage : ConsolePage
{
    private RequestView? _view;
    private DistinguishedName _asked = DistinguishedName.Empty;
    private DistinguishedName _subject = DistinguishedName.Empty;
    private IReadOnlyList<string> _sans = [];
    private DistinguishedName _proposedSubject = DistinguishedName.Empty;
    private IReadOnlyList<string> _proposedSans = [];
    private string _title = "";
    private string? _profileTitle;
    private string? _signedInAs;
    private string? _identityError;
    private string? _rejectError;
    private IssuingProfile? _rules;
    private bool _isCa;
    private bool _changed;
    private bool _lookAgain;
    private string _back = "/requests";

    [Parameter] public string Id { get; set; } = "";

    /// <summary>The names on the page as the officer saw them: what is approved must be what was shown.</summary>
    private string Shown => $"{_subject}\n{string.Join('\n', _sans)}";

    protected override async Task OnInitializedAsync() => await Try(Load);

    private async Task Load()
    {
        var row = await Queue.Get(Organisation, Id, Ct);
        _view = await Views.Of(row, Ct);
        _asked = DistinguishedName.Parse(row.Subject);
        var profile = await Profiles.Look(Organisation, row.Profile, Ct);
        _profileTitle = profile?.Title ?? row.Profile;
        _isCa = profile?.Definition.IsCa == true;
        _signedInAs = L[$"Requester.{row.RequesterKind}", row.RequesterName];
        _back = _view.State == RequestState.Queued ? "/requests" : $"/requests?state={_view.State}";
        _rules = profile?.Definition;
        (_proposedSubject, _proposedSans) = _view.Granted is { } granted ? (DistinguishedName.Parse(granted.Subject), granted.Sans) : (_asked, _view.Sans);
        (_subject, _sans) = (_proposedSubject, _proposedSans);
        _title = _asked.CommonName ?? (_view.Sans.Count > 0 ? _view.Sans[0] : L["Request.NoName"]);
    }

    private async Task Decide()
    {
        if (Posted("identity") is not { } identity)
        {
            _identityError = L["Request.IdentityMissing"];
            return;
        }

        await Try(async () =>
        {
            _subject = DistinguishedName.Parse(Posted("subject") ?? "");
            var chosen = PostedLines("sans").Select(SanEntry.Parse).ToList();
            var signed = _rules is null ? chosen : Granting.WithCommonName(_rules.Names, _subject, chosen);
            _sans = [.. signed.Select(s => s.ToString())];
            _changed = !_subject.Equals(_proposedSubject) || !_sans.SequenceEqual(_proposedSans, StringComparer.Ordinal);
            if (signed.Count != chosen.Count || (_changed && Posted("shown")?.ReplaceLineEndings("\n").Trim() != Shown.Trim()))
            {
                _lookAgain = true;
                return;
            }

            var approval = _changed ? new Approval(identity, _subject.ToString(), _sans) : new Approval(identity);
            var outcome = await Decisions.Approve(Organisation, Id, approval, Actor, Ct);
            Go.NavigateTo($"/requests/{Id}?done={(outcome is ApprovalOutcome.Issued ? "approved" : "counted")}");
        });
    }

    private async Task Reject()
    {
        if (Posted("reason") is not { } reason)
        {
            _rejectError = L["Request.ReasonMissing"];
            return;
        }

        if (await Try(() => Decisions.Reject(Organisation, Id, reason, Actor, Ct)))
        {
            Go.NavigateTo("/requests?done=rejected");
        }
    }

    private IEnumerable<(string Label, string Term, string? Asked, string? Signed)> SubjectRows()
    {
        (string Key, Func<DistinguishedName, string?> Of)[] fields =
        [
            ("CommonName", n => n.CommonName), ("Organization", n => n.Organization), ("OrganizationalUnit", n => n.OrganizationalUnit),
            ("Locality", n => n.Locality), ("State", n => n.State), ("Country", n => n.Country), ("Email", n => n.Email),
        ];
        return fields.Select(f => (L[$"Name.{f.Key}"].Value, L[$"Term.{f.Key}"].Value, f.Of(_asked), f.Of(_subject))).Where(f => f.Item3 is not null || f.Item4 is not null);
    }

    private static string FindingKind(FindingView finding) => finding.Severity switch
    {
        FindingSeverity.Error => "bad",
        FindingSeverity.Warning => "warn",
        _ => "info",
    };
}
