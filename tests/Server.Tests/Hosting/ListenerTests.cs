using System.Net;
using System.Security.Cryptography;
using Countersign.Server.Access;
using Countersign.Server.Hosting;

namespace Countersign.Server.Tests.Hosting;

public sealed class ListenerTests
{
    [Fact]
    public async Task Answers_health_on_all_three_listeners()
    {
        await using var server = await TestServer.Start();

        (await server.Client().GetStringAsync("/healthz")).ShouldBe("live\n");
        (await server.MutualTlsClient(null).GetStringAsync("/healthz")).ShouldBe("live\n");
        (await server.PublicClient().GetStringAsync("/healthz")).ShouldBe("live\n");
    }

    [Fact]
    public async Task Sends_pages_asked_for_over_plain_http_to_https()
    {
        await using var server = await TestServer.Start();

        var answer = await server.PublicClient().GetAsync("/requests?state=queued");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location.ShouldBe(new Uri(server.ConsoleUri, "/requests?state=queued"));
    }

    [Fact]
    public async Task Programs_on_this_machine_use_the_api_without_TLS_where_a_port_is_set_for_it_and_nothing_else()
    {
        await using var server = await TestServer.Start("--local", "0", "--listen", "0.0.0.0");
        var tokens = await server.Initialise();
        server.Listeners.AddressOf(Listener.Local).Address.ShouldBe(System.Net.IPAddress.Loopback);
        var local = server.LocalClient(await tokens.Token(Role.Auditor));

        (await local.GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await local.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.LocalClient(null).GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var elsewhere in (string[])["/", "/signin", "/setup", "/.well-known/est/cacerts", "/console.css"])
        {
            (await local.GetAsync(elsewhere)).StatusCode.ShouldBe(HttpStatusCode.NotFound, elsewhere);
        }
    }

    [Fact]
    public async Task Shows_another_certificate_without_dropping_open_connections()
    {
        await using var server = await TestServer.Start();
        var open = server.Client();
        await open.GetStringAsync("/healthz");
        var before = server.Get<ListenerCertificates>().Thumbprint;

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var other = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        server.Get<ListenerCertificates>().Use(other.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());

        server.Get<ListenerCertificates>().Thumbprint.ShouldNotBe(before);
        (await open.GetStringAsync("/healthz")).ShouldBe("live\n");
        (await server.Client().GetStringAsync("/healthz")).ShouldBe("live\n");
    }

    [Fact]
    public async Task Keeps_the_private_key_of_the_listener_sealed_and_to_the_owner()
    {
        var first = await TestServer.Start("--own-certificate", "true");
        var shown = first.Get<ListenerCertificates>().Thumbprint;
        var data = await first.Stop();

        foreach (var file in Directory.GetFiles(data))
        {
            (await File.ReadAllTextAsync(file)).ShouldNotContain("PRIVATE KEY", customMessage: file);
        }

        File.GetUnixFileMode(Path.Combine(data, "listener.key.sealed")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var again = await TestServer.StartIn(data, "--own-certificate", "true");
        again.Get<ListenerCertificates>().Thumbprint.ShouldBe(shown);
    }

    [Theory, InlineData("false"), InlineData("true")]
    public async Task Takes_a_certificate_given_by_hand_and_seals_its_key_only_where_it_looks_after_it(string own)
    {
        var data = Directory.CreateTempSubdirectory("countersign-test-").FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var given = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        var keyFile = Path.Combine(data, "listener.key");
        await File.WriteAllTextAsync(Path.Combine(data, "listener.crt"), given.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());

        for (var i = 0; i < 2; i++)
        {
            var server = await TestServer.StartIn(data, "--own-certificate", own);
            server.Get<ListenerCertificates>().Thumbprint.ShouldBe(given.GetCertHashString(HashAlgorithmName.SHA256));
            File.Exists(keyFile).ShouldBe(own == "false");
            await server.Stop();
        }

        Directory.Delete(data, recursive: true);
    }
}
