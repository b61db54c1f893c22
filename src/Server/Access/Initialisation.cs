using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Authorities;
using Countersign.Server.Hosting;
using Countersign.Server.Resources;

namespace Countersign.Server.Access;

/// <summary>
/// The verb init: set-up without a browser and without questions. Standard output is the API token and nothing else;
/// what else is shown once (generated password, TOTP secret, recovery codes) goes to standard error.
/// </summary>
internal static class Initialisation
{
    internal static async Task<int> Run(string[] args)
    {
        if (new ConfigurationBuilder().AddCommandLine(args).Build()["from"] is not { Length: > 0 } file)
        {
            await Console.Error.WriteLineAsync(Words.Of("Init.NeedsAnswers"));
            return 2;
        }

        return await Offline.Run(args, services => Apply(services, InitAnswers.Read(file), Console.Out, Console.Error));
    }

    internal static async Task<int> Apply(IServiceProvider services, InitAnswers answers, TextWriter tokenTo, TextWriter restTo)
    {
        var random = services.GetRequiredService<RandomNumberGenerator>();
        var totp = answers.Administrator.TotpSecret is { } given
            ? Totp.FromBase32(given) ?? throw new RefusalException(Refusal.Malformed, "administrator.totpSecret is base32 of 16 to 64 octets.")
            : Totp.NewSecret(random);
        var password = answers.Administrator.Password ?? Secrets.Make(random, 18);
        var made = await services.GetRequiredService<FirstRun>().Complete(Answers(answers, password, totp), null, CancellationToken.None);
        var actor = made.Administrator.AsActor(null);
        var token = await services.GetRequiredService<TokenDesk>().Create(
            actor,
            made.OrganisationId,
            Role.PrimaryAdministrator,
            new CreateToken
            {
                Name = answers.Token?.Name ?? "init",
                Role = answers.Token?.Role,
                Scopes = answers.Token?.Scopes ?? [],
                Days = answers.Token?.Days,
            },
            CancellationToken.None);

        await restTo.WriteLineAsync(Words.Of("Init.Administrator", made.Administrator.Name));
        if (answers.Administrator.Password is null)
        {
            await restTo.WriteLineAsync(Words.Of("Init.Password", password));
        }

        if (answers.Administrator.TotpSecret is null)
        {
            await restTo.WriteLineAsync(Words.Of("Init.TotpSecret", Totp.ToBase32(totp)));
        }

        await restTo.WriteLineAsync(Words.Of("Init.RecoveryCodes", string.Join(' ', made.RecoveryCodes)));
        await tokenTo.WriteLineAsync(token.Secret);
        if (answers.Authority is { } authority)
        {
            await restTo.WriteLineAsync(Words.Of("Init.BaseAddress", services.GetRequiredService<BoundListeners>().BaseAddress));
            await restTo.WriteLineAsync(await Found(services.GetRequiredService<AuthorityDesk>(), authority, made.OrganisationId, actor));
        }

        return 0;
    }

    private static async Task<string> Found(AuthorityDesk desk, InitAuthority wanted, string organisationId, Actor actor)
    {
        var made = wanted.Import is { } import
            ? await desk.Import(organisationId, import, actor, CancellationToken.None)
            : await desk.Create(organisationId, wanted.Create ?? new CreateAuthority(), actor, CancellationToken.None);
        return made.RootPassphrase is { } passphrase
            ? Words.Of("Init.Authority", made.Authority.Id) + Environment.NewLine + Words.Of("Init.RootPassphrase", passphrase)
            : Words.Of("Init.Authority", made.Authority.Id);
    }

    private static FirstRunAnswers Answers(InitAnswers answers, string password, byte[] totp) => new()
    {
        OrganisationName = answers.Organisation.Name,
        Country = answers.Organisation.Country,
        State = answers.Organisation.State,
        Locality = answers.Organisation.Locality,
        Organization = answers.Organisation.Organization,
        OrganizationalUnit = answers.Organisation.OrganizationalUnit,
        Email = answers.Organisation.Email,
        AdministratorName = answers.Administrator.Name,
        AdministratorEmail = answers.Administrator.Email,
        Password = password,
        TotpSecret = totp,
    };
}
