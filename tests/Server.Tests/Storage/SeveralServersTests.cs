using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki.Crl;
using Countersign.Server.Access;
using Countersign.Server.Storage;
using Countersign.Server.Tests.Access;
using Countersign.Server.Tests.Authorities;

namespace Countersign.Server.Tests.Storage;

/// <summary>Servers side by side on one PostgreSQL, each with a data folder of its own and the same key-encryption key.</summary>
public sealed class SeveralServersTests
{
    [Fact]
    public async Task Servers_that_start_at_the_same_moment_on_an_empty_database_share_it()
    {
        var servers = await Start(3);
        try
        {
            var organisation = await servers[0].Initialise();
            var token = await organisation.Token(Role.Auditor);

            foreach (var server in servers)
            {
                (await server.Client(token).GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
                _ = new Browser(server);
            }

            (await servers[0].Get<Database>().ReadOne<long>($"SELECT count(*) FROM protection_keys", default)).ShouldBe(1);
            (await servers[0].Get<Database>().ReadOne<long>($"SELECT count(*) FROM schema_migrations", default)).ShouldBe(Migrator.Known().Count);
        }
        finally
        {
            await Stop(servers);
        }
    }

    [Fact]
    public async Task A_session_and_a_form_of_one_server_are_good_at_another()
    {
        var servers = await Start(2);
        try
        {
            var organisation = await servers[0].Initialise();
            var here = new Browser(servers[0]);
            var half = await here.Post("/signin/password", ("name", TestOrganisation.AdministratorName), ("password", TestOrganisation.Password));
            half.Headers.Location!.ToString().ShouldStartWith("/signin/second-factor");

            // The form was made by one server, the sign-in begun there is ended at the other.
            var there = here.At(servers[1]);
            (await there.Post("/signin/totp", ("code", organisation.TotpCode()))).Headers.Location!.ToString().ShouldBe("/");
            (await there.Get("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
            var back = there.At(servers[0]);
            (await back.Get("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);

            var client = servers[1].Client(await organisation.Token(Role.PrimaryAdministrator));
            var session = (await client.GetFromJsonAsync<IReadOnlyList<SessionView>>("/api/v1/sessions", ContractsJson.Default.Options))!.Single();
            (await client.DeleteAsync($"/api/v1/sessions/{session.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            await AuthorityScene.Until(async () => (await back.Get("/account")).StatusCode == HttpStatusCode.Redirect ? "ended" : null);
        }
        finally
        {
            await Stop(servers);
        }
    }

    [Fact]
    public async Task An_open_queue_hears_of_a_request_handed_in_at_another_server()
    {
        var servers = await Start(2);
        try
        {
            var organisation = await servers[0].Initialise();
            await organisation.CreateAuthority();
            var here = new Browser(servers[0]);
            await here.SignIn(organisation);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await using var live = await here.Open("/requests/live", patience.Token);
            using var lines = new StreamReader(live);
            (await lines.ReadLineAsync(patience.Token)).ShouldBe("retry: 3000");

            using var csr = TestCsr.New("pbx.example.test", "pbx.example.test");
            var submitted = await servers[1].Client(await organisation.Token(Role.Operator)).PostAsJsonAsync("/api/v1/requests", new SubmitRequest { Csr = csr.Pem });
            submitted.StatusCode.ShouldBe(HttpStatusCode.Accepted);

            while (await lines.ReadLineAsync(patience.Token) != "event: changed")
            {
            }
        }
        finally
        {
            await Stop(servers);
        }
    }

    [Fact]
    public async Task Servers_never_publish_two_lists_with_one_number()
    {
        var servers = await Start(2);
        try
        {
            var organisation = await servers[0].Initialise();
            var authority = await organisation.CreateAuthority();
            var token = await organisation.Token(Role.CaOfficer);
            var officers = servers.Select(s => AuthorityScene.Client(s, s.Client(token))).ToArray();
            var seen = new Dictionary<long, byte[]>();
            for (var i = 0; i < 6; i++)
            {
                using var csr = TestCsr.New($"n{i}.example.test", $"n{i}.example.test");
                var submitted = await officers[i % 2].Submit(new SubmitRequest { Csr = csr.Pem }, default);
                var request = await officers[(i + 1) % 2].Approve(submitted.Request.Id, new ApproveRequest { IdentityCheck = "seen" }, default);
                var leaf = await officers[i % 2].Certificate(request.CertificateId!, default);
                await officers[i % 2].Revoke(leaf.Id, new RevokeRequest { Reason = "superseded", Confirm = true }, default);

                foreach (var server in servers)
                {
                    await AuthorityScene.Until(async () =>
                    {
                        var der = await server.PublicClient().GetByteArrayAsync($"/crl/{authority.Authority.Id}.crl");
                        var list = CrlReader.Decode(der);
                        var number = (long)list.Number!;
                        seen.TryAdd(number, der);
                        der.ShouldBe(seen[number]);
                        return list.Find(Convert.FromHexString(leaf.Serial));
                    });
                }
            }

            seen.Count.ShouldBeGreaterThan(5);
        }
        finally
        {
            await Stop(servers);
        }
    }

    private static async Task<TestServer[]> Start(int count)
    {
        var options = await Databases.Options(Databases.PostgreSql);
        var kek = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        return await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(async () =>
        {
            var data = Directory.CreateTempSubdirectory("countersign-test-").FullName;
            await File.WriteAllTextAsync(Path.Combine(data, "kek"), kek);
            File.SetUnixFileMode(Path.Combine(data, "kek"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return await TestServer.StartIn(data, options);
        })));
    }

    private static async Task Stop(TestServer[] servers)
    {
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }
}
