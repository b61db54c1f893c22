using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using Countersign.Client.Output;

namespace Countersign.Client;

/// <summary>Parses a command line, runs the verb, and turns whatever goes wrong into a message, the next command and an exit code.</summary>
internal sealed class Shell(Surroundings surroundings)
{
    public Surroundings Surroundings { get; } = surroundings;

    public Option<bool> Json { get; } = new("--json") { Description = Text.Of("option.json"), Recursive = true };

    public Option<string?> ProfileFile { get; } = new("--profile-file") { Description = Text.Of("option.profile-file"), HelpName = "file", Recursive = true };

    public async Task<int> Run(string[] args, CancellationToken ct)
    {
        var parsed = CommandTree.Build(this).Parse(args.Length == 0 ? ["--help"] : args);
        var configuration = new InvocationConfiguration
        {
            Output = Surroundings.Out,
            Error = Surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(2),
        };
        var errors = parsed.Errors.Select(e => string.Join(' ', e.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        // The parser takes a mistyped option for the argument of a verb that has one, and what follows it for a word too many.
        var typed = parsed.CommandResult.Tokens.Where(t => t.Type == TokenType.Argument).Select(t => t.Value).Concat(parsed.UnmatchedTokens);
        if (typed.FirstOrDefault(w => w.StartsWith("--", StringComparison.Ordinal) && w.Length > 2) is { } unknown)
        {
            var near = Suggestion.For(unknown.Split('=')[0], parsed.CommandResult.Command.Options.Concat([Json, ProfileFile]));
            errors = [near is null ? Text.Of("unknown-option", unknown) : Text.Of("unknown-option.meant", unknown, near.Name)];
        }
        if (errors.Count > 0 && (parsed.Action is ParseErrorAction || parsed.Errors.Count == 0))
        {
            var words = CommandTree.Path(parsed.CommandResult.Command);
            if (parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.FirstOrDefault(t => !t.StartsWith('-')) is { } word)
            {
                var meant = Suggestion.For(word, parsed.CommandResult.Command.Subcommands) is { } near ? CommandTree.Path(near) : null;
                errors = [meant is null ? Text.Of("unknown-command", words, word) : Text.Of("unknown-command.meant", words, word, meant)];
                words = meant ?? words;
            }

            var screen = new Screen(Surroundings, parsed.GetValue(Json));
            screen.Fail(new Failure
            {
                Code = "usage",
                Title = string.Join(' ', errors),
                Command = $"{words} --help",
                ExitCode = (int)ExitCode.Usage,
            });
            return (int)ExitCode.Usage;
        }
        return await parsed.InvokeAsync(configuration, ct);
    }

    /// <summary>Makes the command for a path such as "request approve" and connects it with what it does.</summary>
    public Command Verb(string path, IEnumerable<Symbol> symbols, Func<Call, CancellationToken, Task<ExitCode>> act)
    {
        var command = new Command(path[(path.LastIndexOf(' ') + 1)..], Text.Of("verb." + path.Replace(' ', '.')));
        foreach (var symbol in symbols)
        {
            if (symbol is Option option)
            {
                command.Options.Add(option);
            }
            else
            {
                command.Arguments.Add((Argument)symbol);
            }
        }
        command.SetAction((parse, ct) => Run(new Call(this, parse, path), act, ct));
        return command;
    }

    private static async Task<int> Run(Call call, Func<Call, CancellationToken, Task<ExitCode>> act, CancellationToken ct)
    {
        try
        {
            return (int)await act(call, ct);
        }
        catch (Exception e) when (Failures.Expected(e, ct))
        {
            var failure = Failures.Describe(e, call) with { Local = call.Local };
            call.Screen.Fail(failure);
            return failure.ExitCode;
        }
        finally
        {
            call.Dispose();
        }
    }

    public static Option<string?> Choice(string name, params string[] values) => ChoiceSaying(name, "option." + name.TrimStart('-'), values);

    public static Option<string?> ChoiceSaying(string name, string text, params string[] values)
    {
        var option = new Option<string?>(name)
        {
            Description = $"{Text.Of(text)} ({string.Join(", ", values)})",
            HelpName = name.TrimStart('-'),
            CustomParser = given =>
            {
                var word = string.Join(' ', given.Tokens.Select(t => t.Value));
                if (values.FirstOrDefault(v => string.Equals(v, word, StringComparison.OrdinalIgnoreCase)) is { } meant)
                {
                    return meant;
                }

                given.AddError(Text.Of("bad-choice", name, word, string.Join(", ", values)));
                return null;
            },
        };
        option.CompletionSources.Add(values);
        return option;
    }

    public static Option<T> Given<T>(string name, string helpName, string? text = null) =>
        new(name) { Description = Text.Of(text ?? "option." + name.TrimStart('-')), HelpName = helpName };

    /// <summary>A whole number, said to be one where it is not.</summary>
    public static Option<int?> Number(string name, string helpName, int least = 1, int most = int.MaxValue) => new(name)
    {
        Description = Text.Of("option." + name.TrimStart('-')),
        HelpName = helpName,
        CustomParser = given =>
        {
            var word = string.Join(' ', given.Tokens.Select(t => t.Value));
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            given.AddError(most == int.MaxValue ? Text.Of("bad-number", name, word, least) : Text.Of("bad-number.range", name, word, least, most));
            return null;
        },
    };

    public static Option<bool> Flag(string name, string? text = null) => new(name) { Description = Text.Of(text ?? "option." + name.TrimStart('-')) };

    public static Argument<string> Needed(string name, string text) => new(name) { Description = Text.Of(text) };

    public static Argument<string?> Optional(string name, string text) => new(name) { Description = Text.Of(text), Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Lets a shell complete with words the server is not asked for.</summary>
    public static void Suggest(Argument argument, params string[] words) => argument.CompletionSources.Add(words);
}
