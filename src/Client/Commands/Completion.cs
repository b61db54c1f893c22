using System.CommandLine;

namespace Countersign.Client.Commands;

/// <summary>countersign completion: the script that lets a shell complete verbs and options.</summary>
internal static class Completion
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _countersign() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$(countersign "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _countersign countersign
            """,
        ["zsh"] = """
            #compdef countersign
            _countersign() {
                local -a words_found
                words_found=("${(@f)$(countersign "[suggest:${#BUFFER}]" "$BUFFER" 2>/dev/null)}")
                compadd -a words_found || _files
            }
            if [ "$funcstack[1]" = "_countersign" ]; then
                _countersign "$@"
            else
                compdef _countersign countersign
            fi
            """,
        ["fish"] = """
            complete -c countersign -a '(countersign "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
            """,
    };

    private static readonly Argument<string> ShellName = Shell.Needed("shell", "argument.shell");

    public static Command Build(Shell shell)
    {
        ShellName.AcceptOnlyFromAmong([.. Scripts.Keys]);
        return shell.Verb("completion", [ShellName], Run);
    }

    private static Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        foreach (var line in Scripts[call.Needed(ShellName)].Split('\n'))
        {
            call.Screen.Line(line.TrimEnd('\r'));
        }
        return Task.FromResult(ExitCode.Done);
    }
}
