using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Tests;

/// <summary>A company that runs: server, organisation, active CA, and a different administrator with an API token for every role. Everything through HTTP.</summary>
internal sealed class Company : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly Dictionary<Role, string> _tokens = [];
    private readonly Dictionary<string, HttpClient> _clients = [];
    private readonly Dictionary<Role, Actor> _acting = [];
    private int _administrators;

    private Company(TestServer server, TestOrganisation organisation)
    {
        Server = server;
        Organisation = organisation;
    }

    public TestServer Server { get; }

    public TestOrganisation Organisation { get; }

    public FakeClock Clock => Server.Clock;

    public DateTimeOffset Now => Server.Clock.GetUtcNow();

    /// <param name="database">"sqlite" or "postgresql".</param>
    /// <param name="args">Further command line options of the server.</param>
    internal static async Task<Company> Start(string database, params string[] args) => await StartWith([.. await Databases.Options(database), .. args]);

    /// <param name="options">All options of the server, those of the database among them: for a test that starts it again.</param>
    internal static async Task<Company> StartWith(string[] options)
    {
        var company = await StartWithoutCa(options);
        var founded = await company.Post(Role.PrimaryAdministrator, "/api/v1/authorities", new CreateAuthority { KeyType = "ecP256", RootPassphrase = "a passphrase for tests only" });
        founded.Status.ShouldBe(HttpStatusCode.Created, founded.Text);
        return company;
    }

    internal static async Task<Company> StartWithoutCa(string[] options)
    {
        var server = await TestServer.Start(options);
        return new Company(server, await TestOrganisation.Make(server));
    }

    public Task<Answer> Get(Role role, string path) => Send(role, HttpMethod.Get, path, null);

    public Task<Answer> Post(Role role, string path, object body, string? idempotencyKey = null) => Send(role, HttpMethod.Post, path, body, idempotencyKey);

    public Task<Answer> Put(Role role, string path, object body) => Send(role, HttpMethod.Put, path, body);

    public Task<Answer> GetAs(string token, string path) => SendAs(token, HttpMethod.Get, path, null, null);

    public Task<Answer> PostAs(string token, string path, object body) => SendAs(token, HttpMethod.Post, path, body, null);

    public Task<Answer> PutAs(string token, string path, object body) => SendAs(token, HttpMethod.Put, path, body, null);

    public Task<Answer> TrySubmit(TestCsr csr, string profile, string? requester = null, string? renews = null) =>
        Post(Role.Operator, "/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = profile, Requester = requester, Renews = renews });

    public async Task<RequestView> Submit(TestCsr csr, string profile, string? requester = null, string? renews = null)
    {
        var answer = await TrySubmit(csr, profile, requester, renews);
        answer.Status.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.Created);
        return answer.As<RequestView>();
    }

    /// <summary>Submits a request with a new key and has the officer approve it, unless a rule already did.</summary>
    public async Task<RequestView> Issue(string commonName, string profile, string? requester = null)
    {
        using var csr = profile == "tls-server" ? TestCsr.New(commonName, commonName) : TestCsr.New(commonName);
        var request = await Submit(csr, profile, requester);
        if (request.State == RequestState.Issued)
            return request;
        var approved = await Post(Role.CaOfficer, $"/api/v1/requests/{request.Id}/approve", new ApproveRequest { IdentityCheck = "known to the test" });
        approved.Status.ShouldBe(HttpStatusCode.OK, approved.Text);
        return approved.As<RequestView>();
    }

    public async Task Revoke(string certificateId, string reason)
    {
        var answer = await Post(Role.CaOfficer, $"/api/v1/certificates/{certificateId}/revoke", new RevokeRequest { Reason = reason, Confirm = true });
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
    }

    /// <summary>A further token of the role's administrator.</summary>
    public async Task<string> Token(Role role, IReadOnlyList<string>? allowedNames = null)
    {
        var who = await Administrator(role);
        _acting.TryAdd(role, who);
        return (await Server.Get<TokenDesk>().Create(who, Organisation.Id, role,
            new CreateToken { Name = $"{role} {++_administrators}", Role = role.ToString(), AllowedNames = allowedNames ?? [] }, CancellationToken.None)).Secret;
    }

    /// <summary>Another token of the administrator who acts in this role.</summary>
    public async Task<string> SecondToken(Role role)
    {
        await Get(role, "/api/v1/server"); // there is one now
        return (await Server.Get<TokenDesk>().Create(_acting[role], Organisation.Id, role, new CreateToken { Name = $"{role} {++_administrators}", Role = role.ToString() }, CancellationToken.None)).Secret;
    }

    /// <summary>A token of somebody else with this role.</summary>
    public Task<string> AnotherAdministrator(Role role) => Token(role);

    private async Task<Actor> Administrator(Role role)
    {
        var made = await Server.Get<Administrators>().Create(Organisation.Primary, Organisation.Id,
            new CreateAdministrator { Name = $"{role.ToString().ToLowerInvariant()}{++_administrators}", Role = role.ToString(), Password = "correct horse battery" }, CancellationToken.None);
        return new Actor("administrator", made.Id, made.Name, "127.0.0.1") { AdministratorId = made.Id };
    }

    private async Task<Answer> Send(Role role, HttpMethod method, string path, object? body, string? idempotencyKey = null)
    {
        if (!_tokens.TryGetValue(role, out var token))
            _tokens[role] = token = await Token(role);
        return await SendAs(token, method, path, body, idempotencyKey);
    }

    private async Task<Answer> SendAs(string token, HttpMethod method, string path, object? body, string? idempotencyKey)
    {
        if (!_clients.TryGetValue(token, out var client))
            _clients[token] = client = Server.Client(token);
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: Json);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await client.SendAsync(request);
        return new Answer(response.StatusCode, response.Headers, await response.Content.ReadAsByteArrayAsync());
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>What the API said.</summary>
    internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, byte[] Body)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Body);

        /// <summary>The refusal's code; empty when it was none.</summary>
        public string Code => (int)Status < 400 ? "" : As<Problem>().Code ?? "";

        public T As<T>() => JsonSerializer.Deserialize<T>(Body, Json) ?? throw new InvalidDataException(Text);
    }
}
