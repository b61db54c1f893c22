using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Authorities;

namespace Countersign.Server.Tests.Hosting;

public sealed class OwnCertificateTests
{
    [Fact]
    public async Task Shows_a_certificate_of_its_own_authority_once_there_is_one_and_after_a_restart()
    {
        var data = Directory.CreateTempSubdirectory("countersign-test-").FullName;
        X509Certificate2 root;
        var server = await TestServer.StartIn(data, "--own-certificate", "true");
        try
        {
            var organisation = await server.Initialise();
            var open = server.Client();
            await open.GetStringAsync("/healthz");
            server.Get<ListenerCertificates>().IsTemporary.ShouldBeTrue();

            var authority = await organisation.CreateAuthority();
            await Until(() => !server.Get<ListenerCertificates>().IsTemporary);

            (await open.GetStringAsync("/healthz")).ShouldBe("live\n");
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(authority.IssuersPem);
            root = chain[^1];
            (await Trusting(root).GetStringAsync(new Uri(server.ConsoleUri, "/healthz"))).ShouldBe("live\n");
            (await Trusting(root).GetStringAsync(new Uri($"https://localhost:{server.ConsoleUri.Port}/healthz"))).ShouldBe("live\n");
        }
        finally
        {
            await server.Stop();
        }

        await using var again = await TestServer.StartIn(data, "--own-certificate", "true");
        again.Get<ListenerCertificates>().IsTemporary.ShouldBeFalse();
        (await Trusting(root).GetStringAsync(new Uri(again.ConsoleUri, "/healthz"))).ShouldBe("live\n");
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "X-20")]
    public async Task Shows_another_certificate_when_its_own_is_revoked(string database)
    {
        await using var scene = await AuthorityScene.WithAuthority(database, null, "--own-certificate", "true");
        var listeners = scene.Server.Get<ListenerCertificates>();
        await Until(() => !listeners.IsTemporary);
        var first = listeners.Shown;
        var kept = (await scene.Officer.Certificates(new CertificateFilter { Text = first.SerialNumber }, 1, null, default)).Items[0].Id;

        await scene.Revoke(kept, "keyCompromise");

        await Until(() => listeners.Shown.SerialNumber != first.SerialNumber);
        listeners.IsTemporary.ShouldBeFalse();
    }

    [Fact]
    public async Task Renews_its_own_certificate_by_itself_where_servers_need_two_officers()
    {
        await using var server = await TestServer.Start("--own-certificate", "true");
        var organisation = await server.Initialise();
        var client = await organisation.Client(Role.PrimaryAdministrator);
        (await client.PutAsJsonAsync("/api/v1/profiles/tls-server", new SaveProfile { ApprovalsNeeded = 2 })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.PutAsJsonAsync("/api/v1/profiles/server-own", new SaveProfile { ApprovalsNeeded = 2, CopyOf = "tls-server" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        await organisation.CreateAuthority();
        await Until(() => !server.Get<ListenerCertificates>().IsTemporary);
        var first = server.Get<ListenerCertificates>().Shown.Thumbprint;
        server.Clock.Advance(TimeSpan.FromDays(300));
        await Until(() => server.Get<ListenerCertificates>().Shown.Thumbprint != first);

        var again = await organisation.MakeToken(new CreateToken { Name = "later" });
        var issued = (await server.Client(again.Secret).GetFromJsonAsync<Page<CertificateView>>("/api/v1/certificates", ContractsJson.Default.Options))!;
        issued.Items.Count.ShouldBe(2);
        issued.Items.ShouldAllBe(c => c.Profile == "server-own");
        (await server.Client(again.Secret).GetAsync($"/api/v1/certificates/{issued.Items[0].Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Offers_the_profile_of_its_own_certificate_to_nobody()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        await organisation.CreateAuthority();
        using var csr = TestCsr.New("pbx.example.test", "pbx.example.test");

        var client = await organisation.Client(Role.PrimaryAdministrator);
        var refused = await client.PostAsJsonAsync("/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "server-own" });

        (await refused.Content.ReadFromJsonAsync<Problem>())!.Code.ShouldBe("profile_unknown");
        (await client.GetStringAsync("/api/v1/profiles")).ShouldNotContain("server-own");
    }

    private static HttpClient Trusting(X509Certificate2 root)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { root },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        return new HttpClient(handler);
    }

    private static async Task Until(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!condition())
        {
            (DateTime.UtcNow < deadline).ShouldBeTrue("it did not happen within 60 seconds");
            await Task.Delay(50);
        }
    }
}
