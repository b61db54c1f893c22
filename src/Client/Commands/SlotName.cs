using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.RegularExpressions;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>Slots as a person names them: by id, or as NODE/KIND and CLUSTER/KIND: hq/hq-web.</summary>
internal static partial class SlotName
{
    public static Argument<string> Argument()
    {
        var argument = Shell.Needed("slot", "argument.slot");
        argument.CompletionSources.Add(Complete);
        return argument;
    }

    /// <summary>hq-web.</summary>
    public static string Of(SlotKind kind) => Inside().Replace(kind.ToString(), "-").ToLowerInvariant();

    public static async Task<SlotView> Find(CountersignClient client, string given, CancellationToken ct)
    {
        var cut = given.LastIndexOf('/');
        if (cut < 0)
        {
            return string.IsNullOrWhiteSpace(given) ? throw new Stop(ExitCode.NotFound, "no_owner", given) : await client.Slot(given, ct);
        }

        var (owner, kind) = (given[..cut].Trim(), given[(cut + 1)..].Trim());
        var node = owner.Length == 0 ? null : await NodeName.Find(client, owner, ct);
        var clusters = await client.Clusters(ct);
        var own = clusters.FirstOrDefault(c => NodeName.Same(c.Name, owner));
        if (node is null && own is null)
        {
            throw new Stop(ExitCode.NotFound, "no_owner", owner);
        }

        IReadOnlyList<SlotView> slots = [.. node?.Slots ?? [], .. own?.Slots ?? []];
        if (slots.FirstOrDefault(s => string.Equals(Of(s.Kind), kind, StringComparison.OrdinalIgnoreCase) || string.Equals(s.Kind.ToString(), kind, StringComparison.OrdinalIgnoreCase)) is { } slot)
        {
            return slot;
        }

        var (name, offered) = slots.Count == 0 && clusters.FirstOrDefault(c => c.Id == node?.ClusterId) is { } of ? (of.Name, of.Slots) : (owner, slots);
        throw new Stop(ExitCode.NotFound, "no_slot", owner, kind, string.Join(", ", offered.OrderBy(s => s.Kind).Select(s => $"{name}/{Of(s.Kind)}")));
    }

    /// <summary>The kinds behind the stroke; the names before it are known to the server only, which is not asked.</summary>
    private static IEnumerable<CompletionItem> Complete(CompletionContext context)
    {
        var cut = context.WordToComplete.LastIndexOf('/');
        return cut < 0 ? [] : Enum.GetValues<SlotKind>().Select(kind => new CompletionItem($"{context.WordToComplete[..cut]}/{Of(kind)}"));
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Inside();
}
