using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Profiles;
using Countersign.Server.Storage;

namespace Countersign.Server.Est;

/// <summary>A one-time code as it is kept: never the code itself.</summary>
internal sealed record EnrolmentCode
{
    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required string Profile { get; init; }

    public required string AllowedNames { get; init; }

    public string? Requester { get; init; }

    public bool Automatic { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    public byte[]? CsrSha256 { get; init; }

    public string? RequestId { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The administrator who made it: a request that comes with it is theirs where four eyes are asked for.</summary>
    public string? CreatedById { get; init; }
}

/// <summary>One-time enrolment codes: 100 random bits, kept as a hash, bound to a profile and to names, claimed by the first request they come with.</summary>
internal sealed class EnrolmentCodes(Database database, ProfileBook profiles, AuditTrail audit, TimeProvider time, RandomNumberGenerator random)
{
    private const int MostHours = 24 * 90;
    private static readonly Sql Columns = Sql.Raw(
        "id, organisation_id, profile, allowed_names, requester, automatic, created_at, expires_at, used_at, csr_sha256, request_id, revoked_at, created_by_id");

    /// <summary>Makes a code. The secret is in the answer and nowhere else.</summary>
    internal async Task<CreatedEnrolmentCode> Create(CreateEnrolmentCode wanted, string organisationId, Actor actor, CancellationToken ct)
    {
        var names = Allowance.Write(wanted.AllowedNames);
        var hours = wanted.Hours ?? 72;
        if (hours is < 1 or > MostHours)
        {
            throw new RefusalException(Refusal.Malformed, $"Hours must be between 1 and {MostHours}.");
        }

        await EnsureUsable(wanted, organisationId, ct);

        var secret = Secrets.MakeReadable(random, 4);
        var now = time.GetUtcNow();
        var code = new EnrolmentCode
        {
            Id = Ids.New(time, random),
            OrganisationId = organisationId,
            Profile = wanted.Profile,
            AllowedNames = names,
            Requester = wanted.Requester,
            Automatic = wanted.ApprovesByRule,
            CreatedAt = now,
            ExpiresAt = now.AddHours(hours),
        };
        var unit = new WriteUnit();
        unit.Add($"""
            INSERT INTO enrolment_codes (id, organisation_id, secret_sha256, profile, allowed_names, requester, automatic, created_at, created_by, created_by_id, expires_at)
            VALUES ({code.Id}, {organisationId}, {Secrets.Hash(Secrets.Normalise(secret))}, {code.Profile}, {names}, {code.Requester}, {code.Automatic}, {now}, {actor.Name}, {actor.AdministratorId}, {code.ExpiresAt})
            """);
        audit.Append(unit, new AuditEntry(organisationId, actor, "enrolment.code.create", "enrolment_code", code.Id, JsonSerializer.Serialize(
            new EnrolmentFacts(code.Profile, names, code.Automatic), EnrolmentJson.Default.EnrolmentFacts)));
        await database.Write(unit, ct);
        return new CreatedEnrolmentCode { Code = View(code), Secret = secret };
    }

    private async Task EnsureUsable(CreateEnrolmentCode wanted, string organisationId, CancellationToken ct)
    {
        var profile = await profiles.Get(organisationId, wanted.Profile, ct);
        if (!wanted.ApprovesByRule)
        {
            return;
        }

        if (wanted.AllowedNames.Count == 0 || wanted.AllowedNames.Contains("*", StringComparer.Ordinal))
        {
            throw new RefusalException(Refusal.Malformed, "A code that approves by rule must say which names it allows; \"*\" is no answer.");
        }

        if (profile.Definition.IsCa || profile.ApprovalsNeeded > 1)
        {
            throw new RefusalException(Refusal.Malformed, $"What profile {profile.Name} issues is always decided by people: make the code without approval by rule.");
        }
    }

    internal async Task<Page<EnrolmentCodeView>> List(string organisationId, int limit, string? after, CancellationToken ct)
    {
        Sql from = after is null ? Sql.Empty : $" AND id < {after}";
        var rows = await database.ReadList<EnrolmentCode>(
            $"SELECT {Columns} FROM enrolment_codes WHERE organisation_id = {organisationId}{from} ORDER BY id DESC LIMIT {limit + 1}", ct);
        return new Page<EnrolmentCodeView> { Items = [.. rows.Take(limit).Select(View)], Next = rows.Count > limit ? rows[limit - 1].Id : null };
    }

    internal async Task Revoke(string id, string organisationId, Actor actor, CancellationToken ct)
    {
        var unit = new WriteUnit();
        unit.Add(
            $"UPDATE enrolment_codes SET revoked_at = {time.GetUtcNow()} WHERE id = {id} AND organisation_id = {organisationId} AND revoked_at IS NULL",
            1,
            () => new RefusalException(Refusal.NotFound, $"There is no enrolment code {id} that still works."));
        audit.Append(unit, new AuditEntry(organisationId, actor, "enrolment.code.revoke", "enrolment_code", id, "{}"));
        await database.Write(unit, ct);
    }

    /// <summary>The code behind what was typed, while it can be used: not ended, not revoked; used only for polling the same request. Null otherwise.</summary>
    internal async Task<EnrolmentCode?> Find(string typed, CancellationToken ct)
    {
        var plain = Secrets.Normalise(typed);
        if (plain.Length != 20)
        {
            return null;
        }

        var code = await database.ReadOne<EnrolmentCode>($"SELECT {Columns} FROM enrolment_codes WHERE secret_sha256 = {Secrets.Hash(plain)}", ct);
        return code is { RevokedAt: null } && (code.UsedAt is not null || code.ExpiresAt > time.GetUtcNow()) ? code : null;
    }

    /// <summary>Binds a code to a request before it is submitted, so that of two parallel uses one wins. Refused with unauthenticated if another request has it.</summary>
    internal Task Claim(EnrolmentCode code, byte[] csrSha256, CancellationToken ct)
    {
        var unit = new WriteUnit();
        unit.Add(
            $"""
            UPDATE enrolment_codes SET used_at = {time.GetUtcNow()}, csr_sha256 = {csrSha256}
            WHERE id = {code.Id} AND revoked_at IS NULL AND ((used_at IS NULL AND expires_at > {time.GetUtcNow()}) OR (used_at IS NOT NULL AND csr_sha256 = {csrSha256}))
            """,
            1,
            () => new RefusalException(Refusal.Unauthenticated, "The enrolment code was used for another request or has ended."));
        return database.Write(unit, ct);
    }

    /// <summary>Gives the code back when its request was refused, so that a mended request can use it.</summary>
    internal Task Release(EnrolmentCode code, byte[] csrSha256, CancellationToken ct) => database.Write(
        $"UPDATE enrolment_codes SET used_at = NULL, csr_sha256 = NULL WHERE id = {code.Id} AND csr_sha256 = {csrSha256} AND request_id IS NULL", ct);

    internal Task Used(EnrolmentCode code, string requestId, CancellationToken ct) => database.Write(
        $"UPDATE enrolment_codes SET request_id = {requestId} WHERE id = {code.Id} AND request_id IS NULL", ct);

    private static EnrolmentCodeView View(EnrolmentCode code) => new()
    {
        Id = code.Id,
        Profile = code.Profile,
        AllowedNames = Allowance.Read(code.AllowedNames),
        Requester = code.Requester,
        CreatedAt = code.CreatedAt,
        ExpiresAt = code.RevokedAt is { } revoked && revoked < code.ExpiresAt ? revoked : code.ExpiresAt,
        UsedAt = code.UsedAt,
        RequestId = code.RequestId,
        ApprovesByRule = code.Automatic,
    };
}
