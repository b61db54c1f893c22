using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Authorities;

namespace Countersign.Server.Tests;

/// <summary>A set-up organisation: its primary administrator "root" and API tokens of every role.</summary>
internal sealed class TestOrganisation
{
    internal const string AdministratorName = "root";
    internal const string RootPassphrase = "staple correct horse battery";
    internal const string Password = "correct horse battery";

    private readonly TestServer server;
    private readonly Dictionary<Role, string> tokens = [];

    private TestOrganisation(TestServer server, FirstRunResult made, byte[] totpSecret)
    {
        this.server = server;
        Id = made.OrganisationId;
        Primary = made.Administrator.AsActor("127.0.0.1");
        RecoveryCodes = made.RecoveryCodes;
        TotpSecret = totpSecret;
    }

    internal string Id { get; }

    /// <summary>The primary administrator, for calls of functions that want an actor.</summary>
    internal Actor Primary { get; }

    internal IReadOnlyList<string> RecoveryCodes { get; }

    internal byte[] TotpSecret { get; }

    internal static async Task<TestOrganisation> Make(TestServer server)
    {
        var secret = "12345678901234567890"u8.ToArray();
        var made = await server.Get<FirstRun>().Complete(
            new FirstRunAnswers
            {
                OrganisationName = "Example",
                Country = "DE",
                Organization = "Example",
                AdministratorName = AdministratorName,
                Password = Password,
                TotpSecret = secret,
            },
            "127.0.0.1",
            CancellationToken.None);
        return new TestOrganisation(server, made, secret);
    }

    /// <summary>Gives the organisation a root and an issuing authority (P-256).</summary>
    internal Task<AuthorityDetails> CreateAuthority() =>
        server.Get<AuthorityDesk>().Create(Id, new CreateAuthority { RootPassphrase = RootPassphrase }, Primary, CancellationToken.None);

    /// <summary>A client with a token of this role, made when first asked for.</summary>
    internal async Task<HttpClient> Client(Role role) => server.Client(await Token(role));

    internal async Task<string> Token(Role role)
    {
        if (!tokens.TryGetValue(role, out var token))
        {
            token = (await MakeToken(new CreateToken { Name = role.ToString(), Role = role.ToString() })).Secret;
            tokens[role] = token;
        }

        return token;
    }

    internal Task<CreatedToken> MakeToken(CreateToken wanted) =>
        server.Get<TokenDesk>().Create(Primary, Id, Role.PrimaryAdministrator, wanted, CancellationToken.None);

    /// <summary>The code an authenticator would show now.</summary>
    internal string TotpCode() => Totp.Code(TotpSecret, Totp.StepAt(server.Clock.GetUtcNow()));
}
