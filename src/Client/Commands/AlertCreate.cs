using System.CommandLine;
using System.Text;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign alert create: sends events elsewhere. The secret of a webhook is shown once or written to a private file.</summary>
internal static class AlertCreate
{
    private static readonly Argument<string> Name = Shell.Needed("name", "argument.alert-name");
    private static readonly Option<string?> Target = Required(Shell.Choice("--target", Enum.GetNames<AlertTarget>()));
    private static readonly Option<string?> To = Required(Shell.Given<string?>("--to", "address"));
    private static readonly Option<string?> Least = Shell.Choice("--least", Enum.GetNames<EventSeverity>());
    private static readonly Option<string[]> Kind = Shell.Given<string[]>("--kind", "kind", "option.alert-kind");
    private static readonly Option<string?> Rhythm = Shell.Choice("--rhythm", Enum.GetNames<AlertRhythm>());
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file", "option.out.secret");

    public static Command Build(Shell shell) => shell.Verb("alert create", [Name, Target, To, Least, Kind, Rhythm, Out], Run);

    private static Option<string?> Required(Option<string?> option)
    {
        option.Required = true;
        return option;
    }

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var file = call.Value(Out);
        if (file is not null)
        {
            PrivateFile.EnsurePlace(file, "file_exists");
        }

        var made = await call.Connect().CreateAlert(
            new SaveAlert
            {
                Name = call.Needed(Name),
                Target = Enum.Parse<AlertTarget>(call.Value(Target)!),
                Address = call.Value(To),
                LeastSeverity = Enum.Parse<EventSeverity>(call.Value(Least) ?? nameof(EventSeverity.Warning)),
                Kinds = call.Value(Kind) ?? [],
                Rhythm = Enum.Parse<AlertRhythm>(call.Value(Rhythm) ?? nameof(AlertRhythm.Immediate)),
            },
            ct);
        if (file is not null && made.Secret is { } secret)
        {
            PrivateFile.Write(file, Encoding.ASCII.GetBytes(secret + "\n"));
            made = made with { Secret = null };
        }

        call.Screen.Show(made, ContractsJson.Default.CreatedAlert, () =>
        {
            call.Screen.Note(Text.Of("done.alert", made.Alert.Name, made.Alert.Id));
            if (made.Secret is not null)
            {
                call.Screen.Line(made.Secret);
            }
            else if (file is not null && made.Alert.Target == AlertTarget.Webhook)
            {
                call.Screen.Line(Text.Of("done.secret-file", file));
            }
        });
        return ExitCode.Done;
    }
}
