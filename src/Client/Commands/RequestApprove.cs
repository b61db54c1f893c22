using System.CommandLine;
using Countersign.Client.Keys;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign request approve: one request, several, or all that match.</summary>
internal static class RequestApprove
{
    private static readonly Argument<string[]> Ids = new("id") { Description = Text.Of("argument.requests"), Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> IdentityCheck = Shell.Given<string?>("--identity-check", "text");
    private static readonly Option<string?> Subject = Shell.Given<string?>("--subject", "name", "option.subject.granted");
    private static readonly Option<string[]> San = Shell.Given<string[]>("--san", "dns:name", "option.san.granted");
    private static readonly Option<string?> Match = Shell.Given<string?>("--match", "text", "option.match.bulk");
    private static readonly Option<bool> Yes = Shell.Flag("--yes", "option.yes.match");

    public static Command Build(Shell shell) => shell.Verb("request approve", [Ids, IdentityCheck, Subject, San, Match, Yes], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var ids = call.Value(Ids) ?? [];
        var match = call.Value(Match);
        BulkText.EnsureOneWay(ids, match);
        var sans = call.Value(San) is { Length: > 0 } given ? given : null;
        var subject = call.Value(Subject);
        GivenNames.Subject(subject);
        GivenNames.Sans(sans ?? []);
        if (string.IsNullOrWhiteSpace(call.Value(IdentityCheck)))
        {
            await EnsureThere(call, ids, ct);
            throw new Stop(ExitCode.Refused, "identity_check_required", call.About ?? $"--match {ShellWord.Of(match!)}");
        }

        if (ids.Length == 1)
        {
            var decision = new ApproveRequest { IdentityCheck = call.Value(IdentityCheck), Subject = subject, Sans = sans };
            var request = await call.Connect().Approve(ids[0], decision, ct);
            return await RequestOutcome.Show(call, request, null, force: false, waited: null, ct);
        }
        if (subject is not null || sans is not null)
        {
            throw new Stop(ExitCode.Usage, "names_for_one");
        }
        var chosen = match is null ? ids : call.Value(Yes) ? null : await BulkText.Confirmed(call, match, ct);
        var bulk = new BulkApprove
        {
            IdentityCheck = call.Value(IdentityCheck),
            Ids = chosen,
            Filter = chosen is not null ? null : new RequestFilter { State = RequestState.Queued, Text = match },
        };
        return await BulkText.Show(call, await call.Connect().Approve(bulk, ct), match, ct);
    }

    /// <summary>A slip in an id, and a request that is decided, are said before anything else is asked for.</summary>
    private static async Task EnsureThere(Call call, string[] ids, CancellationToken ct)
    {
        foreach (var id in ids)
        {
            var request = (await call.Connect().Request(id, ct)).Request;
            if (request.State != RequestState.Queued)
            {
                throw new Stop(ExitCode.Refused, "already_decided", id, request.State);
            }
        }
    }
}
