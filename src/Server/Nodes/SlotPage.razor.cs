using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Ui;
using Microsoft.AspNetCore.Components;

namespace Countersign.Server.Nodes;

/// <summary>One slot: what is in it, what is wrong with it, and the ways to get something else into it.</summary>
public sealed partial class SlotPage : ConsolePage
{
    private const int LargestFile = 1024 * 1024;
    private const int MostFiles = 20;

    private SlotView? _slot;
    private OwnedSlot? _owned;
    private SlotFormView? _form;
    private SlotRequestView? _request;
    private OrderSheet? _sheet;
    private IReadOnlyList<InstallationView> _history = [];
    private IReadOnlyList<KeyExportView> _exports = [];
    private string _back = "/equipment";
    private bool _mayChange;

    [Parameter] public string Id { get; set; } = "";

    [Inject] private Slots Slots { get; set; } = default!;

    [Inject] private SlotViews Views { get; set; } = default!;

    [Inject] private SlotGeneration Generation { get; set; } = default!;

    [Inject] private SlotImport Import { get; set; } = default!;

    [Inject] private SlotListeners Listeners { get; set; } = default!;

    [Inject] private OrderSheets Sheets { get; set; } = default!;

    [Inject] private KeyExports KeyExports { get; set; } = default!;

    [Inject] private Equipment Equipment { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        _mayChange = Is(Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator);
        await Try(async () =>
        {
            _owned = await Slots.Get(Organisation, Id, Ct);
            _back = await Equipment.Find(Organisation, _owned.Owner.Id, Ct) is null ? "/equipment" : $"/equipment/{_owned.Owner.Id}";
            _slot = await Views.Of(_owned, Ct);
            _form = await Views.Form(_owned, Ct);
            _history = [.. (await Slots.History(Organisation, Id, Ct)).Select(SlotViews.View)];
            _exports = [.. (await KeyExports.Of(Organisation, Id, Ct)).Select(SlotViews.View)];
            if (await Slots.OpenRequest(Id, Ct) is { } open)
            {
                _request = SlotViews.View(open);
                _sheet = open.RequestId is null ? await Sheets.Of(Organisation, Id, OrderFrom.PublicAuthority, Ct) : null;
            }
        });
    }

    private static (string Key, string? Value)[] Places(SlotForm form) =>
        [("Country", form.Country), ("State", form.State), ("Locality", form.Locality), ("Organization", form.Organization), ("OrganizationalUnit", form.OrganizationalUnit)];

    private bool IsChosen(string name) => (Posted("make") is null ? _form!.Form.Sans : PostedAll("offered")).Contains(name, StringComparer.OrdinalIgnoreCase);

    private async Task Generate()
    {
        if (await Try(() => Generation.Generate(Organisation, Id, new GenerateForSlot
        {
            Make = Enum.TryParse<SlotMaking>(Posted("make"), out var make) ? make : throw new RefusalException(Pki.Refusal.Malformed, Posted("make") ?? ""),
            Form = new SlotForm
            {
                CommonName = Posted("CommonName"),
                Country = Posted("Country"),
                State = Posted("State"),
                Locality = Posted("Locality"),
                Organization = Posted("Organization"),
                OrganizationalUnit = Posted("OrganizationalUnit"),
                KeyType = Posted("KeyType"),
                Sans = [.. PostedAll("offered"), .. PostedLines("others")],
            },
            Csr = Posted("csr"),
            Acknowledged = Posted("acknowledged") == "1",
            ExportableKey = Posted("exportable") == "1",
        }, Actor, Ct)))
        {
            Go.NavigateTo($"{Here}?done=slot-made");
        }
    }

    private async Task ImportParts()
    {
        if (await Try(async () => await Import.Import(Organisation, Id, new ImportIntoSlot
        {
            Pem = Posted("pem"),
            Password = Posted("password"),
            Files = await Files(),
            Acknowledged = Posted("acknowledged") == "1",
        }, Actor, Ct)))
        {
            Go.NavigateTo($"{Here}?done=slot-imported");
        }
    }

    private async Task<IReadOnlyList<ImportedPart>> Files()
    {
        var parts = new List<ImportedPart>();
        foreach (var file in Http.Request.Form.Files.Where(f => f.Length > 0).Take(MostFiles + 1))
        {
            if (file.Length > LargestFile || parts.Count == MostFiles)
            {
                throw new RefusalException(Pki.Refusal.RequestTooLarge, file.FileName);
            }

            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, Ct);
            parts.Add(new ImportedPart { Name = file.FileName, Content = bytes.ToArray() });
        }

        return parts;
    }

    private async Task Activate()
    {
        if (await Try(async () => await Listeners.Activate(_owned!, await Slots.Installation(Organisation, _slot!.Pending!.Id, Ct), Posted("how") == "seen", Actor, Ct)))
        {
            Go.NavigateTo($"{Here}?done=slot-active");
        }
    }

    private async Task AskExport()
    {
        if (await Try(() => KeyExports.Ask(Organisation, Id, Actor, Ct)))
        {
            Go.NavigateTo($"{Here}?done=key-asked");
        }
    }

    private async Task ApproveExport()
    {
        if (await Try(() => KeyExports.Approve(Organisation, Posted("export") ?? "", Actor, Ct)))
        {
            Go.NavigateTo($"{Here}?done=saved");
        }
    }

    private async Task SaveNames()
    {
        var names = PostedLines("names").Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(parts => new ServedName { Name = parts[0], Service = parts.Length > 1 ? parts[1] : null }).ToList();
        if (await Try(() => Slots.SaveNames(Organisation, Id, new SaveServedNames { Names = names }, Actor, Ct)))
        {
            Go.NavigateTo($"{Here}?done=saved");
        }
    }
}
