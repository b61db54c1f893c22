using System.CommandLine;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Countersign.Client.Output;
using Countersign.Client.SignIn;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign login: learns to trust a server and keeps a token for it.</summary>
internal static class Login
{
    private static readonly Option<string?> Server = Shell.Given<string?>("--server", "url");
    private static readonly Option<string?> TokenFile = Shell.Given<string?>("--token-file", "file");
    private static readonly Option<string?> CaFile = Shell.Given<string?>("--ca-file", "file");
    private static readonly Option<string?> Fingerprint = Shell.Given<string?>("--fingerprint", "sha256");

    public static Command Build(Shell shell)
    {
        Server.Required = true;
        return shell.Verb("login", [Server, TokenFile, CaFile, Fingerprint], Run);
    }

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var server = Address(call.Value(Server)!);
        var kept = call.Value(TokenFile) is { } file ? PrivateFile.Read(file, "secret_readable") : null;
        var given = await Given(call, ct);
        var met = await FirstUse.Meet(server, ct);
        var trust = given ?? Meet(call, server, met);
        var token = (kept ?? Ask.Secret(call.Surroundings, Text.Of("ask.token"))).Trim();
        if (token.Length is 0 or > 1000 || token.Any(c => c is <= ' ' or > '~') || (kept is not null && !token.StartsWith("cst_", StringComparison.Ordinal)))
        {
            throw new Stop(ExitCode.Usage, "no_token", call.Value(TokenFile) ?? Text.Of("standard-input"));
        }

        var profile = new SignInProfile { Server = server.GetLeftPart(UriPartial.Authority), Trust = trust, Token = token };
        using var connection = new ServerConnection(profile, call.Surroundings.Random);
        var view = await Greet(call, connection, met, ct);
        SignInFile.Write(call.ProfileFile, await Anchors.Learn(profile with { AuditKey = view.AuditKey }, connection.Client, ct));
        var answer = new Answer { Server = profile.Server, Organisation = view.Organisation, Caller = view.Caller?.Name, File = call.ProfileFile };
        call.Screen.Show(answer, OutputJson.Default.Answer, () => call.Screen.Line(Text.Of("done.login", view.Caller?.Name, view.Organisation, profile.Server, call.ProfileFile)));
        return ExitCode.Done;
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.AbsolutePath == "/" && uri.Query.Length == 0
            ? uri
            : throw new Stop(ExitCode.Usage, "bad_server", text);

    /// <summary>The first call; what can only be wrong with it here is said in words of its own.</summary>
    private static async Task<ServerView> Greet(Call call, ServerConnection connection, Meeting met, CancellationToken ct)
    {
        var server = call.Value(Server)!.TrimEnd('/');
        try
        {
            return await connection.Client.Server(ct);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException && call.Value(Fingerprint) is { } fingerprint && call.Value(CaFile) is null)
        {
            // An issuer vouches for names, not for whatever shows its certificates.
            throw Sha256Text.Read(fingerprint) == met.Pin
                ? new Stop(ExitCode.Unreachable, "wrong_name", server, met.Subject, new Uri(server).Authority)
                : new Stop(ExitCode.Unreachable, "wrong_fingerprint", server, met.Own, met.Pin, fingerprint);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException && call.Value(CaFile) is { } caFile)
        {
            throw new Stop(ExitCode.Unreachable, "not_of_ca_file", server, caFile, met.Subject, met.Issuer);
        }
        catch (ProblemException e) when (e.Status == 401)
        {
            throw new Stop(ExitCode.NotAllowed, "bad_token", server);
        }
    }

    /// <summary>How the server is to be recognised, as the options say it; null where they do not.</summary>
    private static async Task<ServerTrust?> Given(Call call, CancellationToken ct)
    {
        if (call.Value(CaFile) is { } caFile)
        {
            var pem = System.Text.Encoding.UTF8.GetString(await InputFile.Bytes(call.Surroundings, caFile, ct));
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(pem);
            return certificates.Count > 0 ? new ServerTrust { CaPem = pem } : throw new Stop(ExitCode.LocalFile, "no_certificate", caFile);
        }
        if (call.Value(Fingerprint) is { } given)
        {
            return Sha256Text.Read(given) is { } hex ? new ServerTrust { Pin = hex } : throw new Stop(ExitCode.Usage, "bad_fingerprint", given);
        }
        return null;
    }

    private static ServerTrust Meet(Call call, Uri server, Meeting met)
    {
        if (met.Trusted)
        {
            return new ServerTrust();
        }
        var shown = string.Join(':', met.Pin.ToUpperInvariant().Chunk(2).Select(c => new string(c)));
        call.Screen.Note(Text.Of("login.first-use", server, met.Subject, met.Issuer, shown));
        return call.Surroundings.CanAsk && Ask.Yes(call.Surroundings, Text.Of("ask.trust"))
            ? new ServerTrust { Pin = met.Pin }
            : throw new Stop(ExitCode.Unreachable, "not_trusted", server.GetLeftPart(UriPartial.Authority), met.Pin, TokenAgain(call));
    }

    /// <summary>The option as it was given, for the next command to be typed as it is shown.</summary>
    private static string TokenAgain(Call call) => call.Value(TokenFile) is { } file ? $" --token-file {ShellWord.Of(file)}" : "";
}
