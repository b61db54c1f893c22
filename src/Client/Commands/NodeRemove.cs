using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign node remove: names what is in use and asks first.</summary>
internal static class NodeRemove
{
    private static readonly Argument<string> Name = Shell.Needed("node", "argument.node");
    private static readonly Option<bool> Yes = Shell.Flag("--yes", "option.yes.revoke");

    public static Command Build(Shell shell) => shell.Verb("node remove", [Name, Yes], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var node = await NodeName.Get(client, call.Needed(Name), ct);
        var inUse = node.Slots.Where(s => s.Active is not null).ToList();
        if (!call.Value(Yes))
        {
            call.Screen.Note(Text.Of("node.effect", node.Name));
            foreach (var slot in inUse)
            {
                call.Screen.Note(Text.Of("slot.in-use", SlotText.Name(node.Name, slot), slot.Active!.Subject.Text, call.Screen.Time(slot.Active.NotAfter)));
            }

            if (!call.Surroundings.CanAsk || !Ask.Yes(call.Surroundings, Text.Of("ask.revoke")))
            {
                throw new Stop(ExitCode.Usage, "not_confirmed", Typed.Of(node.Name));
            }
        }

        await client.RemoveNode(node.Id, confirm: call.Value(Yes) || inUse.Count > 0, ct);
        call.Screen.Show(new Answer { Id = node.Id }, OutputJson.Default.Answer, () => call.Screen.Line(Text.Of("done.node-removed", node.Name)));
        return ExitCode.Done;
    }
}
