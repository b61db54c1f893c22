using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign request list: the queue, or any other state.</summary>
internal static class RequestList
{
    private static readonly Option<string?> State = Shell.Choice("--state", [.. Enum.GetNames<RequestState>(), "any"]);
    private static readonly Option<string?> Match = Shell.Given<string?>("--match", "text");
    private static readonly Option<string?> Profile = Shell.Given<string?>("--profile", "name");
    private static readonly Option<string?> Door = Shell.Given<string?>("--door", "door");
    private static readonly Option<int?> Limit = Shell.Number("--limit", "rows");
    private static readonly Option<string?> After = Shell.Given<string?>("--after", "cursor");

    public static Command Build(Shell shell) => shell.Verb("request list", [State, Match, Profile, Door, Limit, After], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var state = call.Value(State) ?? nameof(RequestState.Queued);
        var filter = new RequestFilter
        {
            State = state == "any" ? null : Enum.Parse<RequestState>(state),
            Text = call.Value(Match),
            Profile = call.Value(Profile),
            Door = call.Value(Door),
        };
        var page = await call.Connect().Requests(filter, call.Value(Limit) ?? 50, call.Value(After), ct);
        call.Screen.Show(page, ContractsJson.Default.PageRequestView, () => RequestText.List(call.Screen, page));
        return ExitCode.Done;
    }
}
