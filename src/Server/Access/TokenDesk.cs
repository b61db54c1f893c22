using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Audit;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>Makes, lists and revokes API tokens. A token can do at most what its maker can, at any time.</summary>
internal sealed partial class TokenDesk(
    Database database, AuditTrail audit, Tokens tokens, CountersignOptions options, TimeProvider time, RandomNumberGenerator random)
{
    private static readonly Sql Columns = Sql.Raw(
        "id, organisation_id, administrator_id, name, role, scopes, allowed_names, created_at, created_by, expires_at, last_used_at, revoked_at");

    /// <summary>Own tokens, or with <paramref name="everybodys"/> all of the organisation.</summary>
    internal async Task<IReadOnlyList<TokenView>> List(string organisationId, string administratorId, bool everybodys, CancellationToken ct)
    {
        var rows = await database.ReadList<TokenRow>(
            $"""
             SELECT {Columns} FROM tokens
             WHERE organisation_id = {organisationId} AND ({(everybodys ? 1 : 0)} = 1 OR administrator_id = {administratorId})
             ORDER BY created_at DESC, id LIMIT 1000
             """,
            ct);
        return [.. rows.Select(View)];
    }

    /// <summary>Tokens of all organisations that are not revoked and end after <paramref name="from"/> and not after <paramref name="until"/>.</summary>
    internal Task<IReadOnlyList<TokenEnd>> Ending(DateTimeOffset from, DateTimeOffset until, CancellationToken ct) => database.ReadList<TokenEnd>(
        $"SELECT id, organisation_id, name, created_at, expires_at FROM tokens WHERE revoked_at IS NULL AND expires_at > {from} AND expires_at <= {until}", ct);

    /// <summary>Throws bad_role, malformed.</summary>
    internal async Task<CreatedToken> Create(Actor actor, string organisationId, Role makerRole, CreateToken wanted, CancellationToken ct)
    {
        var unit = new WriteUnit();
        var made = Add(unit, actor, organisationId, makerRole, wanted);
        await database.Write(unit, ct);
        return made;
    }

    /// <summary>The same as part of a transaction. Throws bad_role, malformed.</summary>
    internal CreatedToken Add(WriteUnit unit, Actor actor, string organisationId, Role makerRole, CreateToken wanted)
    {
        var role = wanted.Role is { Length: > 0 } asked ? Roles.Parse(asked) : makerRole;
        if (!makerRole.MayGive(role))
        {
            throw new RefusalException(Refusal.BadRole, $"A {makerRole} cannot make a token with the role {role}.");
        }

        var days = wanted.Days ?? options.Limits.TokenDays;
        if (wanted.Name.Trim().Length is 0 or > 64)
        {
            throw new RefusalException(Refusal.Malformed, "A token has a name of 1 to 64 characters.");
        }

        if (days < 1 || days > options.Limits.TokenDays)
        {
            throw new RefusalException(Refusal.Malformed, $"{days} days: a token lives 1 to {options.Limits.TokenDays} days.");
        }

        if (wanted.Scopes.Count > 50 || wanted.Scopes.Any(s => !ScopeForm().IsMatch(s)) || wanted.AllowedNames.Count > 50 || wanted.AllowedNames.Any(n => n.Length is 0 or > 253 || n.Contains(' ', StringComparison.Ordinal)))
        {
            throw new RefusalException(Refusal.Malformed, "Scopes are written area:right (requests:submit); allowed names have no spaces; at most 50 of each.");
        }

        var now = time.GetUtcNow();
        var row = new TokenRow
        {
            Id = Ids.New(time, random),
            OrganisationId = organisationId,
            AdministratorId = actor.AdministratorId ?? throw new RefusalException(Refusal.Forbidden, "Only an administrator has tokens."),
            Name = wanted.Name.Trim(),
            Role = role.ToString(),
            Scopes = string.Join(' ', wanted.Scopes),
            AllowedNames = string.Join(' ', wanted.AllowedNames),
            CreatedAt = now.ToUnixTimeMilliseconds(),
            CreatedBy = actor.Name,
            ExpiresAt = now.AddDays(days).ToUnixTimeMilliseconds(),
        };
        var secret = Secrets.Make(random, 32);
        unit.Add(
            $"""
             INSERT INTO tokens (id, organisation_id, administrator_id, name, secret_sha256, role, scopes, allowed_names, created_at, created_by, expires_at)
             VALUES ({row.Id}, {organisationId}, {row.AdministratorId}, {row.Name}, {Secrets.Hash(secret)}, {row.Role}, {row.Scopes}, {row.AllowedNames}, {row.CreatedAt},
                     {row.CreatedBy}, {row.ExpiresAt})
             """);
        audit.Append(unit, new AuditEntry(organisationId, actor, "token.create", "token", row.Id, $$"""{"role":"{{role}}","scopes":"{{row.Scopes}}"}"""));
        return new CreatedToken { Token = View(row), Secret = $"{Tokens.Prefix}{row.Id}_{secret}" };
    }

    /// <summary>Ends a token, somebody else's only where <paramref name="anybodys"/> says so. Throws not_found.</summary>
    internal async Task Revoke(Actor actor, string organisationId, string id, bool anybodys, CancellationToken ct)
    {
        var unit = new WriteUnit();
        unit.Add(
            $"""
             UPDATE tokens SET revoked_at = {time.GetUtcNow()}
             WHERE id = {id} AND organisation_id = {organisationId} AND revoked_at IS NULL AND ({(anybodys ? 1 : 0)} = 1 OR administrator_id = {actor.AdministratorId ?? ""})
             """,
            1,
            () => new RefusalException(Refusal.NotFound, "There is no such token, or it is revoked."));
        audit.Append(unit, new AuditEntry(organisationId, actor, "token.revoke", "token", id, "{}"));
        await database.Write(unit, ct);
        tokens.Forget(id);
    }

    [GeneratedRegex("^[a-z_]{1,30}:[a-z_]{1,30}$", RegexOptions.None, 100)]
    private static partial Regex ScopeForm();

    private static TokenView View(TokenRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Role = row.Role,
        Scopes = row.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        AllowedNames = row.AllowedNames.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        CreatedBy = row.CreatedBy,
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt),
        LastUsedAt = row.LastUsedAt is { } used ? DateTimeOffset.FromUnixTimeMilliseconds(used) : null,
        RevokedAt = row.RevokedAt is { } ended ? DateTimeOffset.FromUnixTimeMilliseconds(ended) : null,
    };
}

/// <summary>When a token ends.</summary>
internal sealed record TokenEnd(string Id, string OrganisationId, string Name, long CreatedAt, long ExpiresAt)
{
    public DateTimeOffset Made => DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt);

    public DateTimeOffset Ends => DateTimeOffset.FromUnixTimeMilliseconds(ExpiresAt);
}
