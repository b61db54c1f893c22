using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Audit;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>Accounts of the people who run this. There is always at least one enabled primary administrator.</summary>
internal sealed class Administrators(
    Database database, AuditTrail audit, Passwords passwords, Sessions sessions, Tokens tokens, TimeProvider time, RandomNumberGenerator random)
{
    private static readonly Sql Columns = Sql.Raw(
        "id, organisation_id, name, name_key, email, role, password_hash, must_change_password, enabled, failures, locked_until, totp_secret, totp_step, created_at, last_sign_in_at");

    internal static Task<Administrator?> Read(Database database, string id, CancellationToken ct) =>
        database.ReadOne<Administrator>($"SELECT {Columns} FROM administrators WHERE id = {id}", ct);

    internal static Task<Administrator?> ReadByName(Database database, string nameKey, CancellationToken ct) =>
        database.ReadOne<Administrator>($"SELECT {Columns} FROM administrators WHERE name_key = {nameKey}", ct);

    internal static void Insert(WriteUnit unit, Administrator a) => unit.Add(
        $"""
         INSERT INTO administrators (id, organisation_id, name, name_key, email, role, password_hash, must_change_password, enabled, failures, totp_secret, totp_step, created_at)
         VALUES ({a.Id}, {a.OrganisationId}, {a.Name}, {a.NameKey}, {a.Email}, {a.Role}, {a.PasswordHash}, {a.MustChangePassword}, {a.Enabled}, 0, {a.TotpSecret}, 0, {a.CreatedAt})
         ON CONFLICT (name_key) DO NOTHING
         """,
        1,
        () => new RefusalException(Refusal.NameTaken, $"There is an administrator named {a.Name}."));

    internal static void EnsureName(string name)
    {
        if (name.Trim() is not { Length: >= 2 and <= 64 } trimmed || trimmed.Any(char.IsControl))
        {
            throw new RefusalException(Refusal.Malformed, "A sign-in name has 2 to 64 characters.");
        }
    }

    internal async Task<IReadOnlyList<AdministratorView>> List(string organisationId, CancellationToken ct)
    {
        var all = await database.ReadList<Administrator>($"SELECT {Columns} FROM administrators WHERE organisation_id = {organisationId} ORDER BY name_key LIMIT 1000", ct);
        var passkeys = await Owners($"SELECT administrator_id FROM passkeys WHERE organisation_id = {organisationId}", ct);
        var certificates = (await database.ReadList<BoundCertificate>(
            $"SELECT administrator_id, sha256 FROM administrator_certificates WHERE organisation_id = {organisationId} ORDER BY sha256", ct)).ToLookup(c => c.AdministratorId, c => c.Sha256);
        return [.. all.Select(a => View(a, passkeys.Contains(a.Id), [.. certificates[a.Id]]))];
    }

    /// <summary>Throws not_found.</summary>
    internal async Task<AdministratorView> Get(string organisationId, string id, CancellationToken ct) =>
        (await List(organisationId, ct)).FirstOrDefault(a => a.Id == id) ?? throw NotFound();

    /// <summary>Makes an account whose password has to be changed, and whose second factor has to be set up, at the first sign-in.</summary>
    internal async Task<AdministratorView> Create(Actor actor, string organisationId, CreateAdministrator wanted, CancellationToken ct)
    {
        EnsureName(wanted.Name);
        Passwords.EnsureGood(wanted.Password, wanted.Name);
        var role = Roles.Parse(wanted.Role);
        var made = new Administrator
        {
            Id = Ids.New(time, random),
            OrganisationId = organisationId,
            Name = wanted.Name.Trim(),
            NameKey = Administrator.KeyOf(wanted.Name),
            Email = wanted.Email,
            Role = role.ToString(),
            PasswordHash = passwords.Hash(wanted.Password),
            MustChangePassword = 1,
            Enabled = 1,
            CreatedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        var unit = new WriteUnit();
        Insert(unit, made);
        Audit(unit, actor, organisationId, "administrator.create", made.Id, $$"""{"role":"{{role}}"}""");
        await database.Write(unit, ct);
        return View(made, passkey: false, certificates: []);
    }

    internal Task ChangeRole(Actor actor, string organisationId, string id, Role role, CancellationToken ct) =>
        Change(actor, organisationId, id, new ChangeAdministrator { Role = role.ToString() }, ct);

    internal Task SetEnabled(Actor actor, string organisationId, string id, bool enabled, CancellationToken ct) =>
        Change(actor, organisationId, id, new ChangeAdministrator { Enabled = enabled }, ct);

    internal Task Unlock(Actor actor, string organisationId, string id, CancellationToken ct) =>
        Change(actor, organisationId, id, new ChangeAdministrator { Unlock = true }, ct);

    /// <summary>Gives a first password again; with <paramref name="factorsToo"/> the second factors go as well.</summary>
    internal Task Reset(Actor actor, string organisationId, string id, string password, bool factorsToo, CancellationToken ct) =>
        Change(actor, organisationId, id, new ChangeAdministrator { Password = password, ResetSecondFactors = factorsToo }, ct);

    /// <summary>
    /// Everything that was asked for, or nothing. Switching off ends the account's sessions and stops its tokens; a new first password ends its sessions.
    /// Throws bad_role, weak_password, malformed, last_primary_administrator, name_taken, not_found.
    /// </summary>
    internal async Task Change(Actor actor, string organisationId, string id, ChangeAdministrator wanted, CancellationToken ct)
    {
        await EnsureThere(organisationId, id, ct);
        var unit = OneAtATime();
        var change = new AdministratorChange(unit, organisationId, id, (action, detail) => Audit(unit, actor, organisationId, action, id, detail));
        change.Role(wanted.Role);
        change.Enabled(wanted.Enabled);
        change.Password(wanted.Password, wanted.ResetSecondFactors, passwords);
        change.Unlock(wanted.Unlock);
        change.Certificate(wanted.CertificateSha256, time.GetUtcNow());
        await WriteAndForget(unit, id, ct);
    }

    /// <summary>Removes the account with everything it could sign in with. Throws last_primary_administrator, not_found.</summary>
    internal async Task Remove(Actor actor, string organisationId, string id, CancellationToken ct)
    {
        await EnsureThere(organisationId, id, ct);
        var unit = OneAtATime();
        unit.Add($"DELETE FROM administrators WHERE id = {id} AND organisation_id = {organisationId} AND {AdministratorChange.AnotherPrimary(organisationId, id)}", 1, AdministratorChange.LastPrimary);
        Sessions.EndAllOf(unit, id);
        AdministratorChange.RemoveFactors(unit, id);
        unit.Add($"UPDATE tokens SET revoked_at = {time.GetUtcNow()} WHERE administrator_id = {id} AND revoked_at IS NULL");
        Audit(unit, actor, organisationId, "administrator.remove", id, "{}");
        await WriteAndForget(unit, id, ct);
    }

    /// <summary>Takes one certificate away from whoever signs in with it; a session that is open goes on. Throws not_found.</summary>
    internal async Task UnbindCertificate(Actor actor, string organisationId, string id, string sha256, CancellationToken ct)
    {
        var thumbprint = Secrets.Normalise(sha256);
        var unit = new WriteUnit();
        unit.Add(
            $"DELETE FROM administrator_certificates WHERE sha256 = {thumbprint} AND administrator_id = {id} AND organisation_id = {organisationId}",
            1,
            () => new RefusalException(Refusal.NotFound, "There is no such certificate bound to this administrator."));
        Audit(unit, actor, organisationId, "administrator.unbind_certificate", id, $$"""{"sha256":"{{thumbprint}}"}""");
        await database.Write(unit, ct);
    }

    // Two primary administrators demoting each other on two servers of one PostgreSQL database wait for each other at this row.
    private static WriteUnit OneAtATime()
    {
        var unit = new WriteUnit();
        unit.Add($"UPDATE first_run SET completed_at = completed_at WHERE id = 'first'");
        return unit;
    }

    private static RefusalException NotFound() => new(Refusal.NotFound, "There is no such administrator.");

    private static AdministratorView View(Administrator a, bool passkey, IReadOnlyList<string> certificates) => new()
    {
        Id = a.Id,
        Name = a.Name,
        Role = a.Role,
        Email = a.Email,
        Enabled = a.Enabled == 1,
        SecondFactors = [.. new[] { a.TotpSecret is null ? null : "totp", passkey ? "passkey" : null, certificates.Count > 0 ? "certificate" : null }.OfType<string>()],
        Certificates = certificates,
        LockedUntil = Moment(a.LockedUntil),
        LastSignInAt = Moment(a.LastSignInAt),
    };

    private static DateTimeOffset? Moment(long? milliseconds) => milliseconds is { } m ? DateTimeOffset.FromUnixTimeMilliseconds(m) : null;

    private async Task<HashSet<string>> Owners(Sql sql, CancellationToken ct) => [.. await database.ReadList<string>(sql, ct)];

    private async Task EnsureThere(string organisationId, string id, CancellationToken ct)
    {
        if (await Read(database, id, ct) is not { } found || found.OrganisationId != organisationId)
        {
            throw NotFound();
        }
    }

    private void Audit(WriteUnit unit, Actor actor, string organisationId, string action, string id, string detail) =>
        audit.Append(unit, new AuditEntry(organisationId, actor, action, "administrator", id, detail));

    private async Task WriteAndForget(WriteUnit unit, string id, CancellationToken ct)
    {
        await database.Write(unit, ct);
        sessions.ForgetOf(id);
        tokens.ForgetOf(id);
    }

    private sealed record BoundCertificate(string AdministratorId, string Sha256);
}
