using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign certificate revoke: for good; says what stops and asks first.</summary>
internal static class CertificateRevoke
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.certificate");
    private static readonly Option<string?> Reason = Shell.Choice(
        "--reason", "unspecified", "keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation", "privilegeWithdrawn");
    private static readonly Option<string?> Comment = Shell.Given<string?>("--comment", "text", "option.comment.revoke");
    private static readonly Option<bool> Yes = Shell.Flag("--yes", "option.yes.revoke");

    public static Command Build(Shell shell)
    {
        Reason.Required = true;
        return shell.Verb("certificate revoke", [Id, Reason, Comment, Yes], Run);
    }

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var id = call.Needed(Id);
        var reason = call.Value(Reason)!;
        if (!call.Value(Yes))
        {
            var present = await client.Certificate(id, ct);
            call.Screen.Note(Text.Of("revoke.effect", present.Subject.Text, present.Serial, call.Screen.Time(present.NotAfter)));
            if (!call.Surroundings.CanAsk || !Ask.Yes(call.Surroundings, Text.Of("ask.revoke")))
            {
                throw new Stop(ExitCode.Usage, "not_confirmed", id, reason);
            }
        }
        var revoked = await client.Revoke(id, new RevokeRequest { Reason = reason, Comment = call.Value(Comment), Confirm = true }, ct);
        call.Screen.Show(revoked, ContractsJson.Default.CertificateDetails, () => call.Screen.Line(Text.Of("done.revoked", revoked.Subject.Text, revoked.Serial, reason)));
        return ExitCode.Done;
    }
}
