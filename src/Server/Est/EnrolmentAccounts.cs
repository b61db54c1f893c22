using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Profiles;
using Countersign.Server.Storage;

namespace Countersign.Server.Est;

/// <summary>An account as it is kept.</summary>
internal sealed record EnrolmentAccount
{
    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required string Name { get; init; }

    public required string PasswordHash { get; init; }

    public required string Profiles { get; init; }

    public required string AllowedNames { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The administrator who made it: its requests are theirs where four eyes are asked for.</summary>
    public string? CreatedById { get; init; }
}

/// <summary>Accounts for devices that enrol with user name and password: what they may ask for is fixed with the account.</summary>
internal sealed class EnrolmentAccounts(Database database, ProfileBook profiles, AuditTrail audit, Passwords passwords, TimeProvider time, RandomNumberGenerator random)
{
    private const int LongestPassword = 200;
    private static readonly Sql Columns = Sql.Raw(
        "id, organisation_id, name, password_hash, profiles, allowed_names, created_at, disabled_at, last_used_at, created_by_id");

    /// <summary>Makes an account; a password that was not given is made here and is in the answer and nowhere else.</summary>
    internal async Task<CreatedEnrolmentAccount> Create(CreateEnrolmentAccount wanted, string organisationId, Actor actor, CancellationToken ct)
    {
        var name = wanted.Name.Trim();
        if (name.Length is 0 or > 100 || name.Contains(':', StringComparison.Ordinal) || name.Any(char.IsControl))
        {
            throw new RefusalException(Refusal.BadName, "A user name has 1 to 100 characters and no colon (RFC 7617).");
        }

        if (wanted.Password is { } given && given.Length is < 12 or > LongestPassword)
        {
            throw new RefusalException(Refusal.WeakPassword, "A password has 12 to 200 characters.");
        }

        foreach (var profile in wanted.Profiles)
        {
            await profiles.Get(organisationId, profile, ct);
        }

        var secret = wanted.Password is null ? Secrets.Make(random, 18) : null;
        var account = new EnrolmentAccount
        {
            Id = Ids.New(time, random),
            OrganisationId = organisationId,
            Name = name,
            PasswordHash = passwords.Hash(wanted.Password ?? secret!),
            Profiles = Allowance.Write(wanted.Profiles),
            AllowedNames = Allowance.Write(wanted.AllowedNames),
            CreatedAt = time.GetUtcNow(),
        };
        var unit = new WriteUnit();
        unit.Add(
            $"""
            INSERT INTO enrolment_accounts (id, organisation_id, name, name_key, password_hash, profiles, allowed_names, created_at, created_by, created_by_id)
            VALUES ({account.Id}, {organisationId}, {name}, {Key(name)}, {account.PasswordHash}, {account.Profiles}, {account.AllowedNames}, {account.CreatedAt}, {actor.Name}, {actor.AdministratorId})
            ON CONFLICT (name_key) DO NOTHING
            """,
            1,
            () => new RefusalException(Refusal.NameTaken, $"There is an enrolment account {name} already."));
        audit.Append(unit, new AuditEntry(organisationId, actor, "enrolment.account.create", "enrolment_account", account.Id, JsonSerializer.Serialize(
            new EnrolmentFacts(account.Profiles, account.AllowedNames, false), EnrolmentJson.Default.EnrolmentFacts)));
        await database.Write(unit, ct);
        return new CreatedEnrolmentAccount { Account = View(account), Secret = secret };
    }

    internal async Task<IReadOnlyList<EnrolmentAccountView>> List(string organisationId, CancellationToken ct) =>
        [.. (await database.ReadList<EnrolmentAccount>(
            $"SELECT {Columns} FROM enrolment_accounts WHERE organisation_id = {organisationId} ORDER BY name_key LIMIT 1000", ct)).Select(View)];

    internal async Task Disable(string id, string organisationId, Actor actor, CancellationToken ct)
    {
        var unit = new WriteUnit();
        unit.Add(
            $"UPDATE enrolment_accounts SET disabled_at = {time.GetUtcNow()} WHERE id = {id} AND organisation_id = {organisationId} AND disabled_at IS NULL",
            1,
            () => new RefusalException(Refusal.NotFound, $"There is no enrolment account {id} that still works."));
        audit.Append(unit, new AuditEntry(organisationId, actor, "enrolment.account.disable", "enrolment_account", id, "{}"));
        await database.Write(unit, ct);
    }

    /// <summary>The account if name and password are right; takes as long when there is no such account.</summary>
    internal async Task<EnrolmentAccount?> Check(string name, string password, CancellationToken ct)
    {
        if (name.Length > 100 || password.Length > LongestPassword)
        {
            return null;
        }

        var account = await database.ReadOne<EnrolmentAccount>($"SELECT {Columns} FROM enrolment_accounts WHERE name_key = {Key(name)}", ct);
        var right = passwords.Check(account?.PasswordHash, password);
        if (account is not { DisabledAt: null } || !right)
        {
            return null;
        }

        var now = time.GetUtcNow();
        await database.Write($"UPDATE enrolment_accounts SET last_used_at = {now} WHERE id = {account.Id} AND (last_used_at IS NULL OR last_used_at < {now.AddMinutes(-1)})", ct);
        return account;
    }

    private static string Key(string name) => name.Trim().ToLowerInvariant();

    private static EnrolmentAccountView View(EnrolmentAccount account) => new()
    {
        Id = account.Id,
        Name = account.Name,
        Profiles = Allowance.Read(account.Profiles),
        AllowedNames = Allowance.Read(account.AllowedNames),
        CreatedAt = account.CreatedAt,
        Enabled = account.DisabledAt is null,
        LastUsedAt = account.LastUsedAt,
    };
}
