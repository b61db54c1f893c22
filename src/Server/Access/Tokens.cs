using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>
/// Checks API tokens ("cst_id_secret"). What was read once is kept in memory: revoking works here at once and on other servers of the same database
/// within <see cref="Fresh"/>. When a token was last used is written now and then, not with every request.
/// </summary>
internal sealed class Tokens(Database database, TimeProvider time) : BackgroundService
{
    internal const string Prefix = "cst_";
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UsedStep = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Known> known = new(StringComparer.Ordinal);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Who the token belongs to; null when it is unknown, expired or revoked.</summary>
    internal ValueTask<Caller?> Check(ReadOnlySpan<char> token, CancellationToken ct)
    {
        if (!TrySplit(token, out var id, out var secret))
        {
            return ValueTask.FromResult<Caller?>(null);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Secrets.HashInto(secret, hash);
        var now = Now;
        return known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var found) && now - found.ReadAt <= Fresh.TotalMilliseconds
            ? ValueTask.FromResult(Decide(found, hash, now))
            : ReadAndDecide(id.ToString(), hash.ToArray(), now, ct);
    }

    /// <summary>Reads a token again before it is used: it was revoked.</summary>
    internal void Forget(string id) => known.TryRemove(id, out _);

    /// <summary>Reads the tokens of an administrator again before they are used: role or state has changed.</summary>
    internal void ForgetOf(string administratorId)
    {
        foreach (var (id, entry) in known)
        {
            if (entry.Caller.AdministratorId == administratorId)
            {
                known.TryRemove(id, out _);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(UsedStep, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteUsed(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await WriteUsed(CancellationToken.None);
        }
    }

    private static bool TrySplit(ReadOnlySpan<char> token, out ReadOnlySpan<char> id, out ReadOnlySpan<char> secret)
    {
        id = secret = default;
        if (token.Length > 200 || !token.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = token[Prefix.Length..];
        var between = rest.IndexOf('_');
        if (between <= 0)
        {
            return false;
        }

        id = rest[..between];
        secret = rest[(between + 1)..];
        return true;
    }

    private static Caller? Decide(Known token, ReadOnlySpan<byte> hash, long now)
    {
        if (!CryptographicOperations.FixedTimeEquals(hash, token.SecretSha256) || now >= token.ExpiresAt)
        {
            return null;
        }

        Volatile.Write(ref token.UsedAt, now);
        return token.Caller;
    }

    private async ValueTask<Caller?> ReadAndDecide(string id, byte[] hash, long now, CancellationToken ct)
    {
        var row = await database.ReadOne<TokenRow>(
            $"""
             SELECT t.id, t.organisation_id, t.administrator_id, t.name, t.secret_sha256, t.role, t.scopes, t.allowed_names, t.expires_at, a.role AS maker_role
             FROM tokens t JOIN administrators a ON a.id = t.administrator_id
             WHERE t.id = {id} AND t.revoked_at IS NULL AND a.enabled = 1
             """,
            ct);
        if (row is null || !Enum.TryParse<Role>(row.Role, out var role) || !Enum.TryParse<Role>(row.MakerRole, out var maker) || !maker.MayGive(role))
        {
            known.TryRemove(id, out _);
            return null;
        }

        var caller = new Caller(CallerHandler.Scheme, "token", row.Id, row.Name, row.OrganisationId, role, Words(row.Scopes))
        {
            AdministratorId = row.AdministratorId,
            AllowedNames = Words(row.AllowedNames),
        };
        var read = new Known(caller, Convert.FromHexString(row.SecretSha256), row.ExpiresAt, now);
        if (known.TryGetValue(id, out var before))
        {
            read.UsedAt = Volatile.Read(ref before.UsedAt);
            read.WrittenAt = before.WrittenAt;
        }

        known[id] = read;
        return Decide(read, hash, now);
    }

    private async Task WriteUsed(CancellationToken ct)
    {
        var unit = new WriteUnit();
        var any = false;
        foreach (var (id, entry) in known)
        {
            var used = Volatile.Read(ref entry.UsedAt);
            if (used > entry.WrittenAt)
            {
                unit.Add($"UPDATE tokens SET last_used_at = {used} WHERE id = {id}");
                entry.WrittenAt = used;
                any = true;
            }
        }

        if (any)
        {
            await database.Write(unit, ct);
        }
    }

    private static string[]? Words(string text) =>
        text.Length == 0 ? null : text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private sealed class Known(Caller caller, byte[] secretSha256, long expiresAt, long readAt)
    {
        internal long UsedAt;
        internal long WrittenAt;

        internal Caller Caller { get; } = caller;

        internal byte[] SecretSha256 { get; } = secretSha256;

        internal long ExpiresAt { get; } = expiresAt;

        internal long ReadAt { get; } = readAt;
    }
}

/// <summary>A row of the table tokens with the present role of its maker.</summary>
internal sealed record TokenRow
{
    public string Id { get; init; } = "";

    public string OrganisationId { get; init; } = "";

    public string AdministratorId { get; init; } = "";

    public string Name { get; init; } = "";

    public string SecretSha256 { get; init; } = "";

    public string Role { get; init; } = "";

    public string Scopes { get; init; } = "";

    public string AllowedNames { get; init; } = "";

    public string MakerRole { get; init; } = "";

    public long CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public long ExpiresAt { get; init; }

    public long? LastUsedAt { get; init; }

    public long? RevokedAt { get; init; }
}
