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

    public static Command Build(Shell shell) => shell.Verb("request approve", [Ids, IdentityCheck, Subject, San, Match], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var ids = call.Value(Ids) ?? [];
        var match = call.Value(Match);
        BulkText.EnsureOneWay(ids, match);
        var sans = call.Value(San) is { Length: > 0 } given ? given : null;
        var subject = call.Value(Subject);
        GivenNames.Subject(subject);
        GivenNames.Sans(sans ?? []);
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
        var bulk = new BulkApprove
        {
            IdentityCheck = call.Value(IdentityCheck),
            Ids = match is null ? ids : null,
            Filter = match is null ? null : new RequestFilter { State = RequestState.Queued, Text = match },
        };
        return BulkText.Show(call, await call.Connect().Approve(bulk, ct), match);
    }
}
