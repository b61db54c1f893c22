using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Server.Audit;
using Countersign.Server.Organisations;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>What the first person says: their organisation with its default subject, and their own account.</summary>
internal sealed record FirstRunAnswers
{
    internal required string OrganisationName { get; init; }

    internal string? Country { get; init; }

    internal string? State { get; init; }

    internal string? Locality { get; init; }

    internal string? Organization { get; init; }

    internal string? OrganizationalUnit { get; init; }

    internal string? Email { get; init; }

    internal required string AdministratorName { get; init; }

    internal string? AdministratorEmail { get; init; }

    internal required string Password { get; init; }

    /// <summary>TOTP secret; null lets the administrator set up a second factor at the first sign-in.</summary>
    internal byte[]? TotpSecret { get; init; }

    internal Organisation AsOrganisation(string id) => new()
    {
        Id = id,
        Name = OrganisationName.Trim(),
        Country = Said(Country),
        State = Said(State),
        Locality = Said(Locality),
        OrganizationName = Said(Organization),
        OrganizationalUnit = Said(OrganizationalUnit),
        Email = Said(Email),
    };

    // Forms send empty text where nothing was typed.
    private static string? Said(string? text) => text?.Trim() is { Length: > 0 } said ? said : null;
}

internal sealed record FirstRunResult(string OrganisationId, Administrator Administrator, IReadOnlyList<string> RecoveryCodes);

/// <summary>Something a feature gives every new organisation (issuing profiles), in the same transaction.</summary>
internal sealed record OrganisationSeed(Action<WriteUnit, string> Add);

/// <summary>
/// Set-up of an empty server, once. The browser needs the code that the server printed when it started; a new one is made at each start,
/// only its hash is held, and it is gone once an administrator exists. Whoever runs "countersignd init" owns the data folder and needs none.
/// </summary>
internal sealed class FirstRun(
    Database database, AuditTrail audit, Passwords passwords, TotpSeal seal, IEnumerable<OrganisationSeed> seeds, TimeProvider time, RandomNumberGenerator random)
{
    private string? organisation;
    private byte[]? codeSha256;

    /// <summary>True while there is no administrator.</summary>
    internal async ValueTask<bool> IsOpen(CancellationToken ct) => await Organisation(ct) is null;

    /// <summary>Id of the organisation made at set-up; null before.</summary>
    internal async ValueTask<string?> Organisation(CancellationToken ct) =>
        organisation ??= await database.ReadOne<string>($"SELECT organisation_id FROM first_run WHERE id = 'first'", ct);

    /// <summary>Throws already_set_up.</summary>
    internal async Task EnsureOpen(CancellationToken ct)
    {
        if (!await IsOpen(ct))
        {
            throw new RefusalException(Refusal.AlreadySetUp, "There is an administrator already.");
        }
    }

    /// <summary>Makes the one-time set-up code; the one before is void.</summary>
    internal string NewCode()
    {
        var code = Secrets.MakeReadable(random, groups: 4);
        codeSha256 = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Secrets.Normalise(code)));
        return code;
    }

    /// <summary>Throws bad_setup_code, or already_set_up.</summary>
    internal async Task EnsureCode(string code, CancellationToken ct)
    {
        await EnsureOpen(ct);
        var given = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Secrets.Normalise(code)));
        if (codeSha256 is null || !CryptographicOperations.FixedTimeEquals(given, codeSha256))
        {
            throw new RefusalException(Refusal.BadSetupCode, "The server prints the code when it starts.");
        }
    }

    /// <summary>Set-up through the browser.</summary>
    internal async Task<FirstRunResult> Complete(string setupCode, FirstRunAnswers answers, string? sourceAddress, CancellationToken ct)
    {
        await EnsureCode(setupCode, ct);
        return await Complete(answers, sourceAddress, ct);
    }

    /// <summary>Makes the organisation and its first primary administrator. Throws already_set_up, weak_password, malformed.</summary>
    internal async Task<FirstRunResult> Complete(FirstRunAnswers answers, string? sourceAddress, CancellationToken ct)
    {
        var (made, result) = Prepare(answers, sourceAddress);
        await database.Write(made.Unit, ct);
        codeSha256 = null;
        organisation = result.OrganisationId;
        return result;
    }

    /// <summary>The same without writing it, so that more can begin in the same transaction. Throws weak_password, malformed.</summary>
    internal (NewOrganisation Made, FirstRunResult Result) Prepare(FirstRunAnswers answers, string? sourceAddress)
    {
        Ensure(answers);
        var now = time.GetUtcNow();
        var organisationId = Ids.New(time, random);
        var unit = new WriteUnit();
        unit.Add(
            $"INSERT INTO first_run (id, organisation_id, completed_at) VALUES ('first', {organisationId}, {now}) ON CONFLICT (id) DO NOTHING",
            1,
            () => new RefusalException(Refusal.AlreadySetUp, "There is an administrator already."));
        var made = answers.AsOrganisation(organisationId);
        OrganisationBook.Add(unit, made, now);
        var administratorId = Ids.New(time, random);
        var administrator = new Administrator
        {
            Id = administratorId,
            OrganisationId = organisationId,
            Name = answers.AdministratorName.Trim(),
            NameKey = Administrator.KeyOf(answers.AdministratorName),
            Email = answers.AdministratorEmail,
            Role = nameof(Role.PrimaryAdministrator),
            PasswordHash = passwords.Hash(answers.Password),
            Enabled = 1,
            TotpSecret = answers.TotpSecret is { } secret ? seal.Seal(administratorId, secret) : null,
            CreatedAt = now.ToUnixTimeMilliseconds(),
        };
        Administrators.Insert(unit, administrator);
        var codes = answers.TotpSecret is null ? [] : RecoveryCodes.Replace(unit, administrator, random);
        foreach (var seed in seeds)
        {
            seed.Add(unit, organisationId);
        }

        audit.Append(unit, new AuditEntry(organisationId, administrator.AsActor(sourceAddress), "organisation.create", "organisation", organisationId, "{}"));
        return (new NewOrganisation(unit, made), new FirstRunResult(organisationId, administrator, codes));
    }

    private static void Ensure(FirstRunAnswers answers)
    {
        Administrators.EnsureName(answers.AdministratorName);
        Passwords.EnsureGood(answers.Password, answers.AdministratorName);
        OrganisationBook.Ensure(answers.AsOrganisation(""));
        if (answers.AdministratorEmail?.Length > 128)
        {
            throw new RefusalException(Refusal.Malformed, "The mail address is longer than 128 characters.");
        }
    }
}
