using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using Countersign.Client;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>docs/cli.md says what the command tree says. To write it anew: COUNTERSIGN_WRITE_DOCS=1 and run these tests.</summary>
public sealed partial class Reference
{
    private const string Mark = "<!-- verbs: written from the command tree by tests/EndToEnd.Tests/Cli/Reference.cs -->";

    [Fact]
    public void Every_verb_and_option_is_documented()
    {
        var file = Path.Combine(Root(), "docs", "cli.md");
        var text = File.ReadAllText(file);
        var at = text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        var expected = text[..at] + "\n\n" + Verbs();
        if (Environment.GetEnvironmentVariable("COUNTERSIGN_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, expected);
            return;
        }
        text.ShouldBe(expected, "docs/cli.md is older than the command tree");
    }

    [Fact]
    public void Every_exit_code_is_documented()
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "cli.md"));
        foreach (var code in Enum.GetValues<ExitCode>())
        {
            text.ShouldContain($"| {(int)code} |", Case.Sensitive, $"exit code {code}");
        }
    }

    [Fact]
    public void Every_text_the_client_uses_exists()
    {
        var missing =
            from file in Directory.EnumerateFiles(Path.Combine(Root(), "src", "Client"), "*.cs", SearchOption.AllDirectories)
            where !file.Contains("/obj/", StringComparison.Ordinal)
            from Match use in Key().Matches(File.ReadAllText(file))
            let key = use.Groups["stop"].Success ? "stop." + use.Groups["stop"].Value : use.Groups["key"].Value
            where Text.Find(key) is null
            select $"{Path.GetFileName(file)}: {key}";
        missing.ShouldBeEmpty();
    }

    private static string Verbs()
    {
        using var random = System.Security.Cryptography.RandomNumberGenerator.Create();
        var root = CommandTree.Build(new Shell(Surroundings.OfThisProcess(TimeProvider.System, random)));
        var text = new StringBuilder();
        foreach (var command in Leaves(root))
        {
            var words = CommandTree.Path(command);
            var arguments = string.Concat(command.Arguments.Select(a => a.Arity.MinimumNumberOfValues > 0 ? $" <{a.Name}>" : $" [<{a.Name}>]"));
            text.Append("### ").Append(words).Append("\n\n`").Append(words).Append(arguments).Append("` – ").Append(command.Description).Append('\n');
            if (command.Arguments.Count + command.Options.Count > 0)
            {
                text.Append("\n| | |\n|---|---|\n");
            }
            foreach (var argument in command.Arguments)
            {
                text.Append("| `<").Append(argument.Name).Append(">` | ").Append(argument.Description).Append(" |\n");
            }
            foreach (var option in command.Options)
            {
                var value = option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) ? "" : $" <{option.HelpName}>";
                text.Append("| `").Append(option.Name).Append(value).Append("` | ").Append(option.Required ? "needed; " : "").Append(option.Description).Append(" |\n");
            }
            text.Append('\n');
        }
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Countersign.slnx")))
        {
            folder = folder.Parent;
        }
        return folder.FullName;
    }

    [GeneratedRegex("Text\\.Of\\(\"(?<key>[^\"]+)\"[,)]|new Stop\\(ExitCode\\.\\w+, \"(?<stop>\\w+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}
