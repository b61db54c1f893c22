using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>What becomes of a key that was made with a request, where the request comes to nothing.</summary>
public sealed class NewKey
{
    [Fact]
    public async Task A_key_made_for_a_request_that_is_refused_goes_again_and_the_command_can_be_repeated()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        string[] submit = ["request", "submit", "--new-key", "pbx.key", "--subject", "CN=pbx.example.test"];

        var refused = (await client.Run([.. submit, "--profile", "nope"])).ShouldBe(1).Error;
        refused.ShouldContain("[profile_unknown]");
        refused.ShouldContain("removed again (pbx.key)");
        refused.ShouldContain("Next: countersign profile list");
        refused.ShouldNotContain("New private key");
        File.Exists(server.File("pbx.key")).ShouldBeFalse();
        using var said = JsonDocument.Parse((await client.Run([.. submit, "--profile", "nope", "--json"])).ShouldBe(1).Error);
        said.RootElement.GetProperty("local").GetString()!.ShouldContain("pbx.key");

        (await client.Run(submit)).ShouldBe(0).Error.ShouldContain("New private key in pbx.key");
        var key = await File.ReadAllTextAsync(server.File("pbx.key"));
        var there = (await client.Run(submit)).ShouldBe(9).Error;
        there.ShouldContain("[key_exists]");
        there.ShouldContain("openssl req -new -key pbx.key");
        (await File.ReadAllTextAsync(server.File("pbx.key"))).ShouldBe(key);
        (await client.Run("request", "submit", "pbx.csr", "--san", "dns:pbx.example.test")).ShouldBe(2).Error.ShouldContain("[names_with_csr]");
        (await client.Run("request", "submit", "--new-key", "b.key", "--subject", "foo")).ShouldBe(2).Error.ShouldContain("--subject foo: ");
        (await client.Run("request", "submit", "--new-key", "b.key", "--san", "ip:300.1.1.1")).ShouldBe(2).Error.ShouldContain("--san ip:300.1.1.1: ");
        (await client.Run("request", "submit", "--new-key", "no/such/b.key", "--san", "dns:b.example.test")).ShouldBe(9).Error.ShouldContain("there is no folder");
        (await client.Run("request", "submit", "--new-key", "b.key", "--san", "dns:b..example.test")).ExitCode.ShouldBe(0); // what is wrong with it an officer reads in the findings
        (await client.Run("request", "submit", "--new-key", "c.key", "--san", "uri:sip:Anna@example.test", "--profile", "sip-node")).ShouldBe(0).Output.ShouldContain("uri:sip:Anna@example.test");

        await server.Stop();
        (await client.Run("request", "submit", "--new-key", "d.key", "--subject", "CN=d.example.test")).ShouldBe(5).Error.ShouldContain("removed again (d.key)");
        File.Exists(server.File("d.key")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_whose_request_may_have_arrived_stays_and_the_way_on_is_said()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-cli-").FullName;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        var client = new ClientProgram(folder);
        await File.WriteAllTextAsync(client.ProfileFile, JsonSerializer.Serialize(new
        {
            server = $"https://{listener.LocalEndpoint}",
            trust = new { pin = certificate.GetCertHashString(HashAlgorithmName.SHA256) },
            token = "token",
        }));
        File.SetUnixFileMode(client.ProfileFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var ended = HangUp(listener, certificate);
        var error = (await client.Run("request", "submit", "--new-key", "a.key", "--subject", "CN=a.example.test")).ShouldBe(5).Error;
        await ended;

        error.ShouldContain("The new key stays in a.key");
        error.ShouldContain("countersign request list");
        File.Exists(Path.Combine(folder, "a.key")).ShouldBeTrue();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Reads what comes, and goes without an answer.</summary>
    private static async Task HangUp(TcpListener listener, X509Certificate2 certificate)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var caller = await listener.AcceptTcpClientAsync(limit.Token);
        await using var tls = new SslStream(caller.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, limit.Token);
        await tls.ReadExactlyAsync(new byte["POST /api/v1/requests"u8.Length], limit.Token);
    }
}
