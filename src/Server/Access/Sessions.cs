using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Server.Audit;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>
/// Signed-in browsers. The cookie is a random 256-bit value of which only the hash is kept; a session ends by idling, by age, or when it is ended,
/// here at once and on other servers of the same database within <see cref="Fresh"/>.
/// </summary>
internal sealed class Sessions(Database database, AuditTrail audit, CountersignOptions options, TimeProvider time, RandomNumberGenerator random)
{
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SignInTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Known> known = new(StringComparer.Ordinal);

    // Cookies know no ports: the name keeps servers on one machine apart.
    private string CookieName => $"__Host-countersign-{options.Listen.Https}";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Starts a session and gives the browser its cookie. A session the browser had before ends: every step has a value of its own.
    /// One that may do everything is the sign-in the audit log tells of, whichever way led to it.
    /// </summary>
    /// <param name="method">The last step: password, totp, recovery, passkey, certificate.</param>
    internal async Task Start(HttpContext context, Administrator administrator, SessionStage stage, string method, WriteUnit unit, CancellationToken ct)
    {
        var secret = Secrets.Make(random, 32);
        var hash = Secrets.Hash(secret);
        var expires = Now + (long)(stage == SessionStage.Full ? TimeSpan.FromHours(options.Limits.SessionHours) : SignInTime).TotalMilliseconds;
        var agent = context.Request.Headers.UserAgent.ToString();
        if (context.Request.Cookies[CookieName] is { Length: > 0 } former)
        {
            var formerHash = Secrets.Hash(former);
            unit.Add($"DELETE FROM sessions WHERE secret_sha256 = {formerHash}");
            known.TryRemove(formerHash, out _);
        }

        unit.Add($"DELETE FROM sessions WHERE expires_at < {Now}");
        unit.Add(
            $"""
             INSERT INTO sessions (id, organisation_id, administrator_id, secret_sha256, stage, started_at, last_seen_at, expires_at, source_address, user_agent)
             VALUES ({Ids.New(time, random)}, {administrator.OrganisationId}, {administrator.Id}, {hash}, {stage.ToString()}, {Now}, {Now}, {expires},
                     {context.SourceAddress()}, {agent[..Math.Min(agent.Length, 200)]})
             """);
        if (stage == SessionStage.Full)
        {
            unit.Add($"UPDATE administrators SET last_sign_in_at = {Now} WHERE id = {administrator.Id}");
            audit.Append(unit, new AuditEntry(
                administrator.OrganisationId, administrator.AsActor(context.SourceAddress()), "session.start", "administrator", administrator.Id, $$"""{"with":"{{method}}"}"""));
        }

        await database.Write(unit, ct);
        context.Response.Cookies.Append(CookieName, secret, Cookie());
    }

    /// <summary>The session of the request's cookie, whatever its stage; null when there is none or it has ended.</summary>
    internal async ValueTask<Known?> Find(HttpContext context, CancellationToken ct)
    {
        if (context.Request.Cookies[CookieName] is not { Length: > 0 and < 100 } secret)
        {
            return null;
        }

        var hash = Secrets.Hash(secret);
        if (!known.TryGetValue(hash, out var found) || Now - found.ReadAt > Fresh.TotalMilliseconds)
        {
            found = await Read(hash, ct);
        }

        if (found is null || found.Session.ExpiresAt <= Now || found.Session.LastSeenAt + Idle(found.Session) <= Now)
        {
            known.TryRemove(hash, out _);
            return null;
        }

        if (Now - found.Session.LastSeenAt > SeenStep.TotalMilliseconds)
        {
            var unit = new WriteUnit();
            unit.Add($"UPDATE sessions SET last_seen_at = {Now} WHERE secret_sha256 = {hash}");
            await database.Write(unit, ct);
            found = found with { Session = found.Session with { LastSeenAt = Now } };
            Keep(hash, found);
        }

        return found;
    }

    /// <summary>Keeps the state of a passkey ceremony between its two steps.</summary>
    internal Task KeepChallenge(Session session, string? state, CancellationToken ct) =>
        database.Write($"UPDATE sessions SET challenge = {state} WHERE id = {session.Id}", ct);

    internal async Task<string?> Challenge(Session session, CancellationToken ct) =>
        (await database.ReadOne<Session>($"SELECT id, challenge FROM sessions WHERE id = {session.Id}", ct))?.Challenge;

    /// <summary>Keeps a TOTP secret that was not confirmed yet, sealed.</summary>
    internal Task KeepOffer(Session session, byte[]? sealedSecret, CancellationToken ct) =>
        database.Write($"UPDATE sessions SET totp_offer = {sealedSecret} WHERE id = {session.Id}", ct);

    internal async Task<byte[]?> Offer(Session session, CancellationToken ct) =>
        (await database.ReadOne<Session>($"SELECT id, totp_offer FROM sessions WHERE id = {session.Id}", ct))?.TotpOffer;

    internal Task<IReadOnlyList<Session>> List(string organisationId, string? administratorId, CancellationToken ct)
    {
        var oldest = Now - (long)TimeSpan.FromMinutes(options.Limits.SessionIdleMinutes).TotalMilliseconds;
        return database.ReadList<Session>(
            $"""
             SELECT s.id, s.organisation_id, s.administrator_id, a.name AS administrator_name, a.role, s.stage, s.started_at, s.last_seen_at, s.expires_at,
                    s.source_address, s.user_agent
             FROM sessions s JOIN administrators a ON a.id = s.administrator_id
             WHERE s.organisation_id = {organisationId} AND s.stage = 'Full' AND s.expires_at > {Now} AND s.last_seen_at > {oldest}
               AND ({administratorId ?? ""} = '' OR s.administrator_id = {administratorId ?? ""})
             ORDER BY s.last_seen_at DESC, s.id LIMIT 500
             """,
            ct);
    }

    /// <summary>Ends one session. Somebody else's only where <paramref name="anybodys"/> says so; throws not_found otherwise.</summary>
    internal async Task End(Actor actor, string organisationId, string id, bool anybodys, CancellationToken ct)
    {
        var unit = new WriteUnit();
        var own = actor.AdministratorId ?? "";
        unit.Add(
            $"DELETE FROM sessions WHERE id = {id} AND organisation_id = {organisationId} AND ({(anybodys ? 1 : 0)} = 1 OR administrator_id = {own})",
            1,
            () => new RefusalException(Refusal.NotFound, "There is no such session, or it has ended."));
        audit.Append(unit, new AuditEntry(organisationId, actor, "session.end", "session", id, "{}"));
        await database.Write(unit, ct);
        Forget(s => s.Id == id);
    }

    /// <summary>Ends every session of an administrator but one with the unit that is about to be written; <see cref="ForgetOf"/> follows it.</summary>
    internal static void EndAllOf(WriteUnit unit, string administratorId, string exceptId = "") =>
        unit.Add($"DELETE FROM sessions WHERE administrator_id = {administratorId} AND id <> {exceptId}");

    internal async Task SignOut(HttpContext context, CancellationToken ct)
    {
        if (await Find(context, ct) is { } found)
        {
            var unit = new WriteUnit();
            unit.Add($"DELETE FROM sessions WHERE id = {found.Session.Id}");
            await database.Write(unit, ct);
            Forget(s => s.Id == found.Session.Id);
        }

        context.Response.Cookies.Delete(CookieName, Cookie());
    }

    /// <summary>Reads the session of an administrator whose role or state changed again before it is used.</summary>
    internal void ForgetOf(string administratorId) => Forget(s => s.AdministratorId == administratorId);

    private void Forget(Func<Session, bool> which)
    {
        foreach (var (hash, entry) in known)
        {
            if (which(entry.Session))
            {
                known.TryRemove(hash, out _);
            }
        }
    }

    private async Task<Known?> Read(string hash, CancellationToken ct)
    {
        var session = await database.ReadOne<Session>(
            $"""
             SELECT s.id, s.organisation_id, s.administrator_id, a.name AS administrator_name, a.role, s.stage, s.started_at, s.last_seen_at,
                    s.expires_at, s.source_address, s.user_agent
             FROM sessions s JOIN administrators a ON a.id = s.administrator_id
             WHERE s.secret_sha256 = {hash} AND a.enabled = 1
             """,
            ct);
        if (session is null)
        {
            known.TryRemove(hash, out _);
            return null;
        }

        var caller = new Caller(
            CallerHandler.Scheme, "administrator", session.AdministratorId, session.AdministratorName, session.OrganisationId, Enum.Parse<Role>(session.Role))
        {
            AdministratorId = session.AdministratorId,
        };
        var read = new Known(session, caller, Now);
        Keep(hash, read);
        return read;
    }

    // Sign-ins under way are read every time: their steps must see each other.
    private void Keep(string hash, Known entry)
    {
        if (entry.Session.Stage != nameof(SessionStage.Full))
        {
            return;
        }

        if (known.Count > 10_000)
        {
            known.Clear();
        }

        known[hash] = entry;
    }

    private long Idle(Session session) => (long)(session.Stage == nameof(SessionStage.Full)
        ? TimeSpan.FromMinutes(options.Limits.SessionIdleMinutes)
        : SignInTime).TotalMilliseconds;

    private static CookieOptions Cookie() => new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };

    internal sealed record Known(Session Session, Caller Caller, long ReadAt);
}
