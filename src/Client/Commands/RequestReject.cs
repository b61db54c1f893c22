using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign request reject: one request, several, or all that match; for good.</summary>
internal static class RequestReject
{
    private static readonly Argument<string[]> Ids = new("id") { Description = Text.Of("argument.requests"), Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> Reason = Shell.Given<string?>("--reason", "text", "option.reason.reject");
    private static readonly Option<string?> Match = Shell.Given<string?>("--match", "text", "option.match.bulk");
    private static readonly Option<bool> Yes = Shell.Flag("--yes", "option.yes.match");

    public static Command Build(Shell shell)
    {
        Reason.Required = true;
        return shell.Verb("request reject", [Ids, Reason, Match, Yes], Run);
    }

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var ids = call.Value(Ids) ?? [];
        var match = call.Value(Match);
        BulkText.EnsureOneWay(ids, match);
        if (ids.Length == 1)
        {
            var request = await call.Connect().Reject(ids[0], new RejectRequest { Reason = call.Value(Reason) }, ct);
            call.Screen.Show(request, ContractsJson.Default.RequestView, () => call.Screen.Line(Text.Of("done.rejected", request.Id, request.Subject)));
            return ExitCode.Done;
        }
        var chosen = match is null ? ids : call.Value(Yes) ? null : await BulkText.Confirmed(call, match, ct);
        var bulk = new BulkReject
        {
            Reason = call.Value(Reason),
            Ids = chosen,
            Filter = chosen is not null ? null : new RequestFilter { State = RequestState.Queued, Text = match },
        };
        return await BulkText.Show(call, await call.Connect().Reject(bulk, ct), match, ct);
    }
}
