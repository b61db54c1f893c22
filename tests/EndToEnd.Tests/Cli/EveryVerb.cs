using System.CommandLine;
using System.Text.Json;
using Countersign.Client;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>What holds for all verbs alike.</summary>
public sealed class EveryVerb : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("countersign-cli-").FullName;
    private readonly ClientProgram client;

    public EveryVerb() => client = new ClientProgram(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Shows_its_own_help()
    {
        foreach (var verb in Verbs())
        {
            var words = CommandTree.Path(verb);
            var help = (await client.Run([.. words.Split(' ')[1..], "--help"])).ShouldBe(0).Output;

            help.ShouldContain(verb.Description!.Split('\n')[0], Case.Sensitive, words);
            help.ShouldContain("--json", Case.Sensitive, words);
            verb.Options.ShouldAllBe(option => help.Contains(option.Name, StringComparison.Ordinal), words);
        }
    }

    [Fact]
    public async Task Says_in_one_object_and_with_exit_code_2_that_it_was_called_wrongly()
    {
        foreach (var verb in Verbs())
        {
            var words = CommandTree.Path(verb);
            var outcome = (await client.Run([.. words.Split(' ')[1..], "--json", "--no-such-option"])).ShouldBe(2);

            outcome.Output.ShouldBeEmpty(words);
            using var error = JsonDocument.Parse(outcome.Error);
            error.RootElement.GetProperty("code").GetString().ShouldBe("usage");
            error.RootElement.GetProperty("command").GetString().ShouldBe($"{words} --help");
        }
    }

    [Theory]
    [InlineData("source ./_countersign")]
    [InlineData("fpath=(. $fpath); autoload -Uz _countersign")]
    public async Task Is_completed_by_zsh(string load)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "_countersign"), (await client.Run("completion", "zsh")).ShouldBe(0).Output);
        // Without a terminal there is no line editor: what it offers to compadd is printed instead.
        var test = $"PATH={AppContext.BaseDirectory}:$PATH; compdef() {{ :; }}; compadd() {{ print -l -- ${{(P)2}}; }}; {load}; BUFFER='countersign request re'; _countersign";
        (await RealProgram.Run(folder, "zsh", "-f", "-c", test)).ShouldBe(0).Output.Trim().ShouldBe("reject");
    }

    private static List<Command> Verbs()
    {
        using var random = System.Security.Cryptography.RandomNumberGenerator.Create();
        return [.. Leaves(CommandTree.Build(new Shell(Surroundings.OfThisProcess(TimeProvider.System, random))))];
    }

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
}
