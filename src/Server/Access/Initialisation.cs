using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Authorities;
using Countersign.Server.Hosting;
using Countersign.Server.Resources;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>
/// The verb init: set-up without a browser and without questions. Standard output is the API token and nothing else;
/// what else is shown once (generated password, TOTP secret, recovery codes) goes to standard error.
/// </summary>
internal static class Initialisation
{
    /// <summary>Said where an authority may name an address that was made from the name of this machine.</summary>
    private const string Guess = "--guess-base-address";

    internal static async Task<int> Run(string[] args)
    {
        var guess = args.Contains(Guess);
        args = [.. args.Where(a => a != Guess)];
        if (args.Contains("--schema"))
        {
            await using var schema = typeof(Initialisation).Assembly.GetManifestResourceStream("init.schema.json")!;
            await schema.CopyToAsync(Console.OpenStandardOutput());
            return 0;
        }

        if (new ConfigurationBuilder().AddCommandLine(args).Build()["from"] is not { Length: > 0 } file)
        {
            await Console.Error.WriteLineAsync(Words.Of("Init.NeedsAnswers"));
            return Usage.Wrong;
        }

        // Answers that cannot be read do not even make a data folder.
        return await Offline.Saying("init", () =>
        {
            var answers = InitAnswers.Read(file);
            if (answers.Authority is not null && !guess && CountersignOptions.Read(args).BaseAddress is null)
            {
                // It goes into every certificate, where nobody can correct it.
                throw new ValidationException(Words.Of("Init.NeedsBaseAddress", Guess));
            }

            return Offline.Run("init", args, services => Apply(services, answers, Console.Out, Console.Error));
        });
    }

    /// <summary>All of it or nothing: organisation, administrator, token and authority are one transaction, and nothing is printed before it is durable.</summary>
    internal static async Task<int> Apply(IServiceProvider services, InitAnswers answers, TextWriter tokenTo, TextWriter restTo)
    {
        var firstRun = services.GetRequiredService<FirstRun>();
        await firstRun.EnsureOpen(CancellationToken.None);
        var random = services.GetRequiredService<RandomNumberGenerator>();
        var totp = answers.Administrator.TotpSecret is { } given
            ? Totp.FromBase32(given) ?? throw new RefusalException(Refusal.Malformed, "administrator.totpSecret is base32 of 16 to 64 octets.")
            : Totp.NewSecret(random);
        var password = answers.Administrator.Password ?? Secrets.Make(random, 18);
        var (made, result) = firstRun.Prepare(Answers(answers, password, totp), null);
        var actor = result.Administrator.AsActor(null);
        var token = services.GetRequiredService<TokenDesk>().Add(made.Unit, actor, result.OrganisationId, Role.PrimaryAdministrator, Token(answers.Token));
        AuthorityDetails? authority = null;
        if (answers.Authority is { } wanted)
        {
            authority = await services.GetRequiredService<AuthorityDesk>().Begin(made, wanted.Create, wanted.Import, actor, CancellationToken.None);
        }
        else
        {
            await services.GetRequiredService<Database>().Write(made.Unit, CancellationToken.None);
        }

        await restTo.WriteLineAsync(Words.Of("Init.Administrator", result.Administrator.Name));
        if (answers.Administrator.Password is null)
        {
            await restTo.WriteLineAsync(Words.Of("Init.Password", password));
        }

        if (answers.Administrator.TotpSecret is null)
        {
            await restTo.WriteLineAsync(Words.Of("Init.TotpSecret", Totp.ToBase32(totp)));
        }

        await restTo.WriteLineAsync(Words.Of("Init.RecoveryCodes", string.Join(' ', result.RecoveryCodes)));
        await tokenTo.WriteLineAsync(token.Secret);
        if (authority is not null)
        {
            await restTo.WriteLineAsync(Words.Of("Init.BaseAddress", services.GetRequiredService<BoundListeners>().BaseAddress));
            await restTo.WriteLineAsync(Words.Of("Init.Authority", authority.Authority.Id));
        }

        if (authority?.RootPassphrase is { } passphrase)
        {
            await restTo.WriteLineAsync(Words.Of("Init.RootPassphrase", passphrase));
        }

        await restTo.WriteLineAsync(Words.Of("Init.Next", services.GetRequiredService<CountersignOptions>().Data));
        return 0;
    }

    private static CreateToken Token(InitToken? wanted) => new()
    {
        Name = wanted?.Name ?? "init",
        Role = wanted?.Role,
        Scopes = wanted?.Scopes ?? [],
        Days = wanted?.Days,
    };

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
