using System.CommandLine;
using Countersign.Client.Keys;
using Countersign.Client.Output;
using Countersign.Contracts;
using Countersign.Pki;

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
    private static readonly Option<int?> Timeout = Shell.Number("--timeout", "seconds", least: 0);
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file", "option.out.certificate");
    private static readonly Option<bool> Force = Shell.Flag("--force");

    public static Command Build(Shell shell) => shell.Verb(
        "request submit", [CsrFile, Profile, Requester, Contact, Comment, Renews, NewKey, KeyType, Subject, San, Wait, Timeout, Out, Force], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        OutputFile.EnsurePlace(call.Value(Out), call.Value(Force));
        var client = call.Connect();
        var patience = Polling.Patience(call.Value(Timeout));
        var submitted = call.Value(NewKey) is { } keyFile ? await WithNewKey(call, client, keyFile, ct) : await Submit(call, client, await FromFile(call, ct), ct);
        if (call.Value(Wait) && submitted.Request.State == RequestState.Queued)
        {
            call.Screen.Note(Text.Of("waiting", submitted.Request.Id));
            submitted = await Polling.UntilDecided(call, client, submitted, patience, ct);
        }
        return await RequestOutcome.Show(call, submitted.Request, call.Value(Out), call.Value(Force), call.Value(Wait) ? patience : null, ct);
    }

    private static Task<Submitted> Submit(Call call, CountersignClient client, string csr, CancellationToken ct) => client.Submit(
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

    /// <summary>The key is on the disk before anybody can make a certificate for it, and gone again when it is certain that nobody will: the command can be repeated as it was.</summary>
    private static async Task<Submitted> WithNewKey(Call call, CountersignClient client, string keyFile, CancellationToken ct)
    {
        if (call.Value(CsrFile) is not null)
        {
            throw new Stop(ExitCode.Usage, "csr_or_key");
        }

        var made = LocalKey.Make(call.Value(KeyType) ?? LocalKey.Types[0], call.Value(Subject), call.Value(San) ?? []);
        PrivateFile.EnsurePlace(keyFile, "key_exists");
        PrivateFile.Write(keyFile, System.Text.Encoding.ASCII.GetBytes(made.KeyPem));
        try
        {
            var submitted = await Submit(call, client, made.CsrPem, ct);
            call.Screen.Note(Text.Of("done.key", keyFile));
            return submitted;
        }
        catch (Exception e) when (NothingWasKept(e))
        {
            File.Delete(keyFile);
            call.Local = Text.Of("key.removed", keyFile);
            throw;
        }
        catch (Exception)
        {
            call.Local = Text.Of("key.left", keyFile);
            throw;
        }
    }

    /// <summary>True where the server said no, or was never asked. After any other end it may have the request.</summary>
    private static bool NothingWasKept(Exception e) => e switch
    {
        ProblemException { Status: >= 400 and < 500 and not 408 } => true,
        ProblemException { Code: Refusal.QueueFull } => true,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => true,
        _ => false,
    };

    private static async Task<string> FromFile(Call call, CancellationToken ct)
    {
        if (call.Value(CsrFile) is not { } file)
        {
            throw new Stop(ExitCode.Usage, "csr_or_key");
        }

        if (call.Value(Subject) is not null || call.Value(San) is { Length: > 0 } || call.Value(KeyType) is not null)
        {
            throw new Stop(ExitCode.Usage, "names_with_csr");
        }

        return await InputFile.Csr(call.Surroundings, file, ct);
    }
}
