using System.CommandLine;
using Countersign.Client.Keys;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign request submit: sends a request from a file, or makes key and request here.</summary>
internal static class RequestSubmit
{
    private static readonly Argument<string?> CsrFile = Shell.Optional("csr", "argument.csr");
    private static readonly Option<string?> Profile = Shell.Given<string?>("--profile", "name", "option.profile.submit");
    private static readonly Option<string?> Requester = Shell.Given<string?>("--requester", "name");
    private static readonly Option<string?> Contact = Shell.Given<string?>("--contact", "text");
    private static readonly Option<string?> Comment = Shell.Given<string?>("--comment", "text");
    private static readonly Option<string?> Renews = Shell.Given<string?>("--renews", "certificate-id");
    private static readonly Option<string?> NewKey = Shell.Given<string?>("--new-key", "file");
    private static readonly Option<string?> KeyType = Shell.Choice("--key-type", LocalKey.Types);
    private static readonly Option<string?> Subject = Shell.Given<string?>("--subject", "name");
    private static readonly Option<string[]> San = Shell.Given<string[]>("--san", "dns:name");
    private static readonly Option<bool> Wait = Shell.Flag("--wait");
    private static readonly Option<int?> Timeout = Shell.Given<int?>("--timeout", "seconds");
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file", "option.out.certificate");
    private static readonly Option<bool> Force = Shell.Flag("--force");

    public static Command Build(Shell shell) => shell.Verb(
        "request submit", [CsrFile, Profile, Requester, Contact, Comment, Renews, NewKey, KeyType, Subject, San, Wait, Timeout, Out, Force], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        OutputFile.EnsureFree(call.Value(Out), call.Value(Force));
        var client = call.Connect();
        var csr = await Csr(call, ct);
        var submitted = await client.Submit(
            new SubmitRequest
            {
                Csr = csr,
                Profile = call.Value(Profile),
                Requester = call.Value(Requester),
                Contact = call.Value(Contact),
                Comment = call.Value(Comment),
                Renews = call.Value(Renews),
            },
            ct);
        if (call.Value(Wait) && submitted.Request.State == RequestState.Queued)
        {
            call.Screen.Note(Text.Of("waiting", submitted.Request.Id));
            submitted = await Polling.UntilDecided(call, client, submitted, call.Value(Timeout), ct);
        }
        return await RequestOutcome.Show(call, submitted.Request, call.Value(Out), call.Value(Force), pendingIsDone: !call.Value(Wait), ct);
    }

    private static async Task<string> Csr(Call call, CancellationToken ct)
    {
        var file = call.Value(CsrFile);
        var keyFile = call.Value(NewKey);
        if (file is null == keyFile is null)
        {
            throw new Stop(ExitCode.Usage, "csr_or_key");
        }
        if (file is not null)
        {
            var given = InputFile.PemOrBase64(await InputFile.Bytes(call.Surroundings, file, ct));
            return given.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? throw new Stop(ExitCode.Usage, "private_key_given", file) : given;
        }
        var made = LocalKey.Make(call.Value(KeyType) ?? LocalKey.Types[0], call.Value(Subject), call.Value(San) ?? []);
        PrivateFile.Write(keyFile!, System.Text.Encoding.ASCII.GetBytes(made.KeyPem));
        call.Screen.Note(Text.Of("done.key", keyFile));
        return made.CsrPem;
    }
}
