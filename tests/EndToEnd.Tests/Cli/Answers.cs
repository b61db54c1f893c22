using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>Ends of commands that are neither done nor refused, and sign-ins that come to nothing: each in words of its own.</summary>
public sealed class Answers
{
    [Fact]
    public async Task Nothing_decided_nothing_found_and_nothing_known_are_told_apart()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        var id = Story.Field((await client.Run("request", "submit", "--new-key", "a.key", "--subject", "CN=a.example.test", "--json")).ShouldBe(0).Output, "id");

        var waited = (await client.Run("request", "wait", id, "--timeout", "0")).ShouldBe(6).Error;
        waited.ShouldContain($"Request {id} is still Queued after 0 seconds");
        waited.ShouldContain($"Next: countersign request wait {id}");

        foreach (var decide in new string[][] { ["approve", "--identity-check", "known"], ["reject", "--reason", "unknown"] })
        {
            (await client.Run(["request", .. decide, "--match", "zzz"])).ShouldBe(3).Error.ShouldContain("No queued request has “zzz”");
            (await client.Run(["request", .. decide, "--match", ""])).ShouldBe(2).Error.ShouldContain("[empty_match]");
        }

        (await client.Run("request", "approve", "--match", "a.example", "--identity-check", "known", "--yes")).ShouldBe(0).Output.ShouldContain("Issued");

        var unknown = (await client.Run("profile", "show", "nope")).ShouldBe(3).Error;
        unknown.ShouldContain("nope; there are: ");
        unknown.ShouldContain("tls-server");
        unknown.ShouldContain("Next: countersign profile list");

        (await client.Run("token", "create", "x", "--role", "Auditor", "--out", "no/such/token")).ShouldBe(9).Error.ShouldContain("there is no folder");
        (await client.Run("token", "list")).ShouldBe(0).Output.ShouldNotContain("Auditor");

        await File.WriteAllTextAsync(server.File("readable"), "a passphrase for tests only\n");
        File.SetUnixFileMode(server.File("readable"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        (await client.Run("enrolment", "account", "create", "phones", "--profile", "tls-client", "--password-file", "readable")).ShouldBe(9).Error.ShouldContain("Next: chmod 600 readable");
        (await client.Run("enrolment", "account", "list")).ShouldBe(0).Output.ShouldNotContain("phones");
        var pipe = $"{Path.Combine(AppContext.BaseDirectory, "countersign")} enrolment account create phones --profile tls-client --password-file <(cat readable) --profile-file {client.ProfileFile}";
        (await RealProgram.Run(server.Folder, "bash", "--norc", "-c", pipe)).ShouldBe(0);
    }

    [Fact, Trait("Scenario", "ACC-A4")]
    public async Task A_log_that_was_cut_says_where_it_ends_and_not_a_line_that_does_not_exist()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        (await client.Run("audit", "export", "--out", "audit.jsonl")).ShouldBe(0);
        var lines = await File.ReadAllLinesAsync(server.File("audit.jsonl"));
        var last = Array.FindLastIndex(lines, l => !l.StartsWith("{\"checkpoint\"", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(server.File("cut.jsonl"), lines.Where((_, i) => i != last));

        var cut = (await client.Run("audit", "verify", "cut.jsonl")).ShouldBe(8).Error;

        cut.ShouldContain("it should follow where the file ends");
        cut.ShouldNotContain("line 0");
        var earlier = (await client.Run("audit", "verify", "audit.jsonl", "--earlier", "audit.jsonl", "--key", new string('a', 64))).ShouldBe(8).Error;
        earlier.ShouldContain("as the earlier export has it");
        earlier.ShouldNotContain("line 0");
    }

    [Fact]
    public async Task Every_way_not_to_sign_in_has_its_own_words_and_its_own_next_step()
    {
        await using var server = await RunningServer.Start();
        await server.Secret("bad", "cst_no_such_token\n");
        var stranger = new ClientProgram(Directory.CreateDirectory(server.File("stranger.d")).FullName);
        var shown = Story.Field((await stranger.Run("login", "--server", server.Console.ToString(), "--token-file", server.File("token"), "--json")).ShouldBe(5).Error, "command").Split(' ');
        var fingerprint = shown[Array.IndexOf(shown, "--fingerprint") + 1];
        Task<Outcome> Login(string token, string print, Uri at) =>
            stranger.Run("login", "--server", at.GetLeftPart(UriPartial.Authority), "--token-file", server.File(token), "--fingerprint", print);

        var wrong = (await Login("token", new string('0', 64), server.Console)).ShouldBe(5).Error;
        wrong.ShouldContain("[wrong_fingerprint]");
        wrong.ShouldContain(fingerprint);
        wrong.ShouldContain(new string('0', 64));

        var token = (await Login("bad", fingerprint, server.Console)).ShouldBe(4).Error;
        token.ShouldContain("[bad_token]");
        token.ShouldContain("Next: countersign login --server");

        var plain = (await Login("token", fingerprint, new Uri($"https://127.0.0.1:{server.PlainPort}"))).ShouldBe(5).Error;
        plain.ShouldContain("[plain_http]");
        plain.ShouldContain("speaks plain HTTP, without TLS");

        await File.WriteAllTextAsync(server.File("other.pem"), Certificate());
        var other = (await stranger.Run("login", "--server", server.Console.ToString(), "--token-file", server.File("token"), "--ca-file", server.File("other.pem"))).ShouldBe(5).Error;
        other.ShouldContain("[not_of_ca_file]");
        other.ShouldContain("other.pem");

        File.Exists(stranger.ProfileFile).ShouldBeFalse();
        (await Login("token", fingerprint, server.Console)).ShouldBe(0);
    }

    [Fact]
    public async Task An_issuer_whose_fingerprint_is_given_vouches_for_no_other_name()
    {
        var now = DateTimeOffset.UtcNow;
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Ca("CN=Root", rootKey).CreateSelfSigned(now.AddDays(-1), now.AddDays(3));
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = Ca("CN=Issuer", issuerKey).Create(root, now.AddDays(-1), now.AddDays(2), [2]); // a root would not be sent along
        using var issuer = bare.CopyWithPrivateKey(issuerKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = new CertificateRequest("CN=other.example.test", key, HashAlgorithmName.SHA256).Create(issuer, now.AddDays(-1), now.AddDays(1), [1]);
        using var paired = issued.CopyWithPrivateKey(key);
        using var leaf = X509CertificateLoader.LoadPkcs12(paired.Export(X509ContentType.Pkcs12), null);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var shown = Show(listener, new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(leaf, [bare], offline: true) });
        var folder = Directory.CreateTempSubdirectory("countersign-cli-").FullName;
        var client = new ClientProgram(folder);

        var error = (await client.RunWith("token\n", "login", "--server", $"https://{listener.LocalEndpoint}", "--fingerprint", bare.GetCertHashString(HashAlgorithmName.SHA256))).ShouldBe(5).Error;

        await shown;
        error.ShouldContain("[wrong_name]");
        error.ShouldContain("CN=other.example.test");
        error.ShouldContain($"countersign check {listener.LocalEndpoint}");
        File.Exists(client.ProfileFile).ShouldBeFalse();
        Directory.Delete(folder, recursive: true);
    }

    private static CertificateRequest Ca(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }

    /// <summary>Shows its certificate to two callers: the one that looks and the one that means to speak.</summary>
    private static async Task Show(TcpListener listener, SslServerAuthenticationOptions options)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 2; i++)
        {
            using var caller = await listener.AcceptTcpClientAsync(limit.Token);
            await using var tls = new SslStream(caller.GetStream());
            try
            {
                await tls.AuthenticateAsServerAsync(options, limit.Token);
                await tls.ReadExactlyAsync(new byte[1], limit.Token);
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                // Refused, as it should be.
            }
        }
    }

    private static string Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Another CA", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return made.ExportCertificatePem();
    }
}
