using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign cluster dissolve: its members stand alone again; names what is in use and asks first.</summary>
internal static class ClusterDissolve
{
    private static readonly Argument<string> Name = Shell.Needed("cluster", "argument.cluster");
    private static readonly Option<bool> Yes = Shell.Flag("--yes", "option.yes.revoke");

    public static Command Build(Shell shell) => shell.Verb("cluster dissolve", [Name, Yes], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var cluster = await NodeName.Cluster(client, call.Needed(Name), ct);
        if (!call.Value(Yes))
        {
            call.Screen.Note(Text.Of("cluster.effect", cluster.Name));
            foreach (var slot in cluster.Slots.Where(s => s.Active is not null))
            {
                call.Screen.Note(Text.Of("slot.in-use", SlotText.Name(cluster.Name, slot), slot.Active!.Subject.Text, call.Screen.Time(slot.Active.NotAfter)));
            }

            if (!call.Surroundings.CanAsk || !Ask.Yes(call.Surroundings, Text.Of("ask.revoke")))
            {
                throw new Stop(ExitCode.Usage, "not_confirmed", Typed.Of(cluster.Name));
            }
        }

        await client.DissolveCluster(cluster.Id, ct);
        call.Screen.Show(new Answer { Id = cluster.Id }, OutputJson.Default.Answer, () => call.Screen.Line(Text.Of("done.cluster-dissolved", cluster.Name)));
        return ExitCode.Done;
    }
}
