using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign event list: what needs somebody, newest first.</summary>
internal static class EventList
{
    private static readonly Option<string?> Severity = Shell.Choice("--severity", Enum.GetNames<EventSeverity>());
    private static readonly Option<string?> Kind = Shell.Given<string?>("--kind", "kind", "option.event-kind");
    private static readonly Option<string?> About = Shell.Given<string?>("--object", "id");
    private static readonly Option<bool> Open = Shell.Flag("--open", "option.open.events");
    private static readonly Option<int?> Limit = Shell.Number("--limit", "rows");
    private static readonly Option<string?> After = Shell.Given<string?>("--after", "cursor");

    public static Command Build(Shell shell) => shell.Verb("event list", [Severity, Kind, About, Open, Limit, After], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var filter = new EventFilter
        {
            Severity = call.Value(Severity) is { } severity ? Enum.Parse<EventSeverity>(severity) : null,
            Kind = call.Value(Kind),
            ObjectId = call.Value(About),
            Acknowledged = call.Value(Open) ? false : null,
        };
        var page = await call.Connect().Events(filter, call.Value(Limit) ?? 50, call.Value(After), ct);
        call.Screen.Show(page, ContractsJson.Default.PageEventView, () =>
        {
            call.Screen.Table(
                [Text.Of("column.id"), Text.Of("column.time"), Text.Of("column.severity"), Text.Of("column.what"), Text.Of("column.acknowledged")],
                page.Items.Select(e => new[] { e.Id, call.Screen.Time(e.At), e.Severity.ToString(), e.Text, e.AcknowledgedBy }));
            if (page.Next is { } next)
            {
                call.Screen.Note(Text.Of("more", next));
            }
        });
        return ExitCode.Done;
    }
}
