using System.CommandLine;

namespace Countersign.Client.Commands;

/// <summary>countersign request wait: until a decision was made.</summary>
internal static class RequestWait
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.request");
    private static readonly Option<int?> Timeout = Shell.Number("--timeout", "seconds", least: 0);
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file", "option.out.certificate");
    private static readonly Option<bool> Force = Shell.Flag("--force");

    public static Command Build(Shell shell) => shell.Verb("request wait", [Id, Timeout, Out, Force], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        OutputFile.EnsurePlace(call.Value(Out), call.Value(Force));
        var patience = Polling.Patience(call.Value(Timeout));
        var client = call.Connect();
        var first = await client.Request(call.Needed(Id), ct);
        var last = await Polling.UntilDecided(call, client, first, patience, ct);
        return await RequestOutcome.Show(call, last.Request, call.Value(Out), call.Value(Force), patience, ct);
    }
}
