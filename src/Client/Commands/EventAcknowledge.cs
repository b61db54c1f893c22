using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign event acknowledge: somebody knows, and sees to it.</summary>
internal static class EventAcknowledge
{
    private static readonly Argument<string[]> Ids = new("ids") { Description = Text.Of("argument.events"), Arity = ArgumentArity.OneOrMore };

    public static Command Build(Shell shell) => shell.Verb("event acknowledge", [Ids], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var known = await call.Connect().AcknowledgeEvents(new AcknowledgeEvents { Ids = call.Needed(Ids) }, ct);
        call.Screen.Show(known, ContractsJson.Default.IReadOnlyListEventView, () => call.Screen.Line(Text.Of("done.acknowledged", known.Count)));
        return ExitCode.Done;
    }
}
