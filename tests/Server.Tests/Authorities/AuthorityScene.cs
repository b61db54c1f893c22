using Countersign.Contracts;
using Countersign.Pki.Tests;
using Countersign.Server.Access;
using RequestState = Countersign.Contracts.RequestState;

namespace Countersign.Server.Tests.Authorities;

/// <summary>A server with an organisation, an officer's client of the API, and openssl beside it.</summary>
internal sealed class AuthorityScene : IAsyncDisposable
{
    internal const string Passphrase = "the root's own passphrase";

    private AuthorityScene(TestServer server, TestOrganisation organisation, CountersignClient officer)
    {
        Server = server;
        Organisation = organisation;
        Officer = officer;
    }

    internal TestServer Server { get; }

    internal TestOrganisation Organisation { get; }

    internal CountersignClient Officer { get; }

    internal OpenSsl OpenSsl { get; } = new();

    internal static CountersignClient Client(TestServer server, HttpClient http) => new(http, server.Get<System.Security.Cryptography.RandomNumberGenerator>());

    internal static async Task<AuthorityScene> Start(string database = Databases.Sqlite, params string[] args)
    {
        var server = await TestServer.Start([.. await Databases.Options(database), .. args]);
        var organisation = await server.Initialise();
        return new AuthorityScene(server, organisation, Client(server, await organisation.Client(Role.CaOfficer)));
    }

    internal static async Task<AuthorityScene> WithAuthority(string database = Databases.Sqlite, string? keyType = null, params string[] args)
    {
        var scene = await Start(database, args);
        await scene.Officer.CreateAuthority(new CreateAuthority { RootPassphrase = Passphrase, KeyType = keyType }, default);
        return scene;
    }

    internal async Task<CertificateDetails> Issue(string name, string profile = "tls-server")
    {
        using var csr = TestCsr.New(name, profile == "tls-server" ? [name] : []);
        var submitted = await Officer.Submit(new SubmitRequest { Csr = csr.Pem, Profile = profile }, default);
        var request = submitted.Request.State == RequestState.Issued
            ? submitted.Request
            : await Officer.Approve(submitted.Request.Id, new ApproveRequest { IdentityCheck = "seen" }, default);
        return await Officer.Certificate(request.CertificateId!, default);
    }

    internal async Task<IReadOnlyList<CertificateDetails>> IssueClients(params string[] names)
    {
        var made = new List<CertificateDetails>();
        foreach (var name in names)
        {
            made.Add(await Issue(name, "tls-client"));
        }

        return made;
    }

    internal Task<CertificateDetails> Revoke(string id, string reason) => Officer.Revoke(id, new RevokeRequest { Reason = reason, Confirm = true }, default);

    /// <summary>The authority that issues now.</summary>
    internal async Task<AuthorityDetails> Active()
    {
        var active = (await Officer.Authorities(default)).Single(a => a is { Role: AuthorityRole.Issuing, State: AuthorityState.Active });
        return await Officer.Authority(active.Id, default);
    }

    /// <summary>Files for openssl: root.pem, issuing.pem, and the authority's list as issuing.crl and the root's as root.crl in PEM.</summary>
    internal async Task<AuthorityDetails> Fetch(AuthorityDetails authority)
    {
        OpenSsl.File("issuing.pem", System.Text.Encoding.ASCII.GetBytes(authority.Pem));
        OpenSsl.File("root.pem", System.Text.Encoding.ASCII.GetBytes(authority.IssuersPem));
        await FetchList("issuing", authority.Authority.Id);
        await FetchList("root", authority.Authority.ParentId!);
        System.IO.File.WriteAllText(Path.Combine(OpenSsl.Folder, "all.crl"), string.Concat(new[] { "issuing.crl", "root.crl" }.Select(f => System.IO.File.ReadAllText(Path.Combine(OpenSsl.Folder, f)))));
        return authority;
    }

    internal async Task FetchList(string name, string authorityId)
    {
        var der = await Until(async () => await Server.PublicClient().GetAsync($"/crl/{authorityId}.crl") is { IsSuccessStatusCode: true } answer ? await answer.Content.ReadAsByteArrayAsync() : null);
        OpenSsl.Pem($"{name}.crl", "X509 CRL", der);
    }

    /// <summary>Asks again until there is an answer, at most half a minute.</summary>
    internal static async Task<T> Until<T>(Func<Task<T?>> ask)
        where T : class
    {
        var deadline = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            (deadline.Elapsed < TimeSpan.FromSeconds(60)).ShouldBeTrue("nothing came in time");
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        OpenSsl.Dispose();
        await Server.DisposeAsync();
    }
}
