using Countersign.Client.Commands;
using Countersign.Contracts;

namespace Countersign.Client.Output;

/// <summary>Slots and what is in them as people read them.</summary>
internal static class SlotText
{
    /// <param name="owner">Name of the node or cluster.</param>
    public static string Name(string owner, SlotView slot) => $"{owner}/{SlotName.Of(slot.Kind)}";

    /// <summary>All slots of an owner, then in words what is not as it should be.</summary>
    public static void List(Screen screen, string owner, IReadOnlyList<SlotView> given)
    {
        var slots = given.OrderBy(s => s.Kind).ToList();
        screen.Table(
            [Text.Of("column.slot"), Text.Of("column.id"), Text.Of("column.ports"), Text.Of("column.in-use"), Text.Of("column.expires"), Text.Of("column.waits")],
            slots.Select(s => new[] { Name(owner, s), s.Id, Ports(s), s.Active?.Subject.Text, screen.Time(s.Active?.NotAfter), Waits(s) }));
        screen.Facts(slots.Where(s => s.Findings.Count > 0).Select(s => (Name(owner, s), (string?)Findings(s.Findings))));
    }

    public static void Details(Screen screen, SlotView slot, SlotRequestView? open)
    {
        screen.Facts(
        [
            (Text.Of("column.id"), slot.Id),
            (Text.Of("column.kind"), Text.Of("kind." + slot.Kind)),
            (Text.Of("column.ports"), Ports(slot)),
            (Text.Of("column.client-certificates"), slot.MutualTls ? Text.Of("yes") : null),
            (Text.Of("column.last-made"), screen.Time(slot.LastGeneratedAt)),
            (Text.Of("column.findings"), Findings(slot.Findings)),
        ]);
        Installation(screen, Text.Of("column.in-use"), slot.Active);
        Installation(screen, Text.Of("column.waits"), slot.Pending);
        if (open is not null)
        {
            screen.Line("");
            screen.Line(Text.Of("slot.open-request"));
            screen.Facts(
            [
                .. CertificateText.Name(Text.Of("column.subject"), open.Subject),
                (Text.Of("column.sans"), string.Join('\n', open.Sans)),
                (Text.Of("column.key"), $"{Screen.Key(open.Key)}, {Where(open.KeyHere)}"),
                (Text.Of("column.signature"), open.SignatureAlgorithm),
                (Text.Of("column.made"), screen.Time(open.CreatedAt)),
                (Text.Of("column.request"), open.RequestId),
            ]);
        }
    }

    public static void History(Screen screen, IReadOnlyList<InstallationView> all) => screen.Table(
        [
            Text.Of("column.id"), Text.Of("column.state"), Text.Of("column.origin"), Text.Of("column.subject"), Text.Of("column.issuer"), Text.Of("column.serial"), Text.Of("column.not-after"),
            Text.Of("column.came-in"), Text.Of("column.note"),
        ],
        all.Select(i => new[]
        {
            i.Id, i.State.ToString(), Text.Of("origin." + i.Origin), i.Subject.Text, i.Issuer.Text, i.Serial, screen.Time(i.NotAfter), $"{screen.Time(i.CreatedAt)}, {i.CreatedBy}", i.Failure,
        }));

    public static void Form(Screen screen, SlotFormView view)
    {
        var form = view.Form;
        screen.Facts(
        [
            (Text.Of("name.cn"), form.CommonName),
            (Text.Of("name.c"), form.Country),
            (Text.Of("name.st"), form.State),
            (Text.Of("name.l"), form.Locality),
            (Text.Of("name.o"), form.Organization),
            (Text.Of("name.ou"), form.OrganizationalUnit),
            (Text.Of("column.sans"), string.Join('\n', form.Sans)),
            (Text.Of("column.key"), form.KeyType),
            (Text.Of("column.offered"), string.Join('\n', view.Offered.Select(n => n.Service is { } service ? $"{n.Name} ({service})" : n.Name))),
            (Text.Of("column.keys"), string.Join(", ", view.KeyTypes)),
        ]);
        screen.Note(Text.Of(view.Remembered ? "form.remembered" : "form.begins"));
    }

    /// <summary>One to a line: how much it weighs, and what it means.</summary>
    public static string Findings(IReadOnlyList<SlotFinding> findings) => string.Join('\n', findings.Select(f => $"{f.Severity}: {Words(f)}"));

    // A newer server may find what this client has no words for.
    private static string Words(SlotFinding finding) => Text.Find("finding." + finding.Code) is { } words
        ? string.Format(System.Globalization.CultureInfo.CurrentCulture, words, finding.Detail)
        : $"{finding.Code}: {finding.Detail}";

    private static void Installation(Screen screen, string what, InstallationView? i)
    {
        if (i is null)
        {
            return;
        }

        screen.Line("");
        screen.Line(what);
        screen.Facts(
        [
            (Text.Of("column.id"), i.Id),
            (Text.Of("column.origin"), Text.Of("origin." + i.Origin)),
            .. CertificateText.Name(Text.Of("column.subject"), i.Subject),
            .. CertificateText.Name(Text.Of("column.issuer"), i.Issuer),
            (Text.Of("column.sans"), string.Join('\n', i.Sans)),
            (Text.Of("column.serial"), i.Serial),
            (Text.Of("column.not-before"), screen.Time(i.NotBefore)),
            (Text.Of("column.not-after"), screen.Time(i.NotAfter)),
            ("SHA-256", i.Sha256),
            (Text.Of("column.chain"), string.Join('\n', i.Chain)),
            (Text.Of("column.key"), Where(i.KeyHere)),
            (Text.Of("column.certificate"), i.CertificateId),
            (Text.Of("column.came-in"), $"{screen.Time(i.CreatedAt)}, {i.CreatedBy}"),
        ]);
    }

    private static string Where(bool here) => Text.Of(here ? "key.here" : "key.on-appliance");

    private static string Ports(SlotView slot) => string.Join(", ", slot.Ports);

    private static string? Waits(SlotView slot) => slot.Pending?.Subject.Text ?? (slot.HasOpenRequest ? Text.Of("slot.open-request") : null);
}
