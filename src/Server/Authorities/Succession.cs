using System.Text.Json;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Certificates;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>
/// How one generation follows another: what it does to those who hold certificates of the one before, and that nobody is stopped
/// without a person having said so (B3-5, X-8).
/// </summary>
internal sealed class Succession(Database database, AuthorityDirectory directory, IssuedUnder issued, AuditTrail audit, TimeProvider time)
{
    private const int MostListed = 100;

    /// <summary>The mode a new generation really has. Throws confirmation_required where it would stop somebody and that was not confirmed.</summary>
    internal async Task<SuccessionMode> Agree(string organisationId, SuccessionMode wanted, string? confirm, CancellationToken ct)
    {
        var present = await InForce(organisationId, ct);
        if (present.Count == 0)
        {
            return SuccessionMode.First;
        }

        if (wanted == SuccessionMode.Rollover)
        {
            return wanted;
        }

        await EnsureConfirmed(present, wanted == SuccessionMode.Replace ? confirm : null, ct);
        return SuccessionMode.Replace;
    }

    /// <summary>Working certificates that stop when the present generation is replaced.</summary>
    internal async Task<long> Affected(string organisationId, CancellationToken ct) =>
        await InForce(organisationId, ct) is { Count: > 0 } present ? await issued.CountActive([.. present.Select(a => a.Id)], ct) : 0;

    /// <summary>Some of those certificates, by name and serial number.</summary>
    internal async Task<IReadOnlyList<AffectedCertificate>> SomeAffected(string organisationId, CancellationToken ct) =>
        await InForce(organisationId, ct) is { Count: > 0 } present ? await issued.SomeActive([.. present.Select(a => a.Id)], MostListed, ct) : [];

    /// <summary>Some of the working certificates of one authority, by name and serial number.</summary>
    internal Task<IReadOnlyList<AffectedCertificate>> SomeOf(IssuingAuthority authority, CancellationToken ct) => issued.SomeActive([authority.Id], MostListed, ct);

    /// <summary>Adds a generation to a unit, pending or active at once.</summary>
    internal async Task Add(WriteUnit unit, GenerationDraft draft, bool activate, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var generation = 1 + await database.ReadOne<long>(
            $"SELECT coalesce(max(generation), 0) FROM authorities WHERE organisation_id = {draft.OrganisationId}", ct);

        var confirmed = draft.Mode == SuccessionMode.Replace ? await Affected(draft.OrganisationId, ct) : 0;

        // A pending generation that was never activated makes room.
        unit.Add($"UPDATE authorities SET state = 'Retired', retired_at = {now} WHERE organisation_id = {draft.OrganisationId} AND state = 'Draft'");
        foreach (var a in draft.Authorities)
        {
            unit.Add(
                $"""
                INSERT INTO authorities (id, organisation_id, generation, kind, parent_id, state, mode, subject, certificate, sha256, key_id, base_address, not_after, created_at, imported, lost, confirmed)
                VALUES ({a.Id}, {draft.OrganisationId}, {generation}, {a.Kind}, {a.ParentId}, 'Draft', {draft.Mode}, {a.Certificate.Subject.ToString()}, {a.Certificate.Der},
                  {a.Certificate.Sha256}, {a.KeyId}, {draft.BaseAddress}, {a.Certificate.NotAfter}, {now}, {draft.Imported}, 0, {confirmed})
                """);
        }

        if (activate)
        {
            Activate(unit, draft.OrganisationId, generation, draft.Mode, draft.KeptRootId, now);
        }
    }

    /// <summary>Lets a pending generation take over. Asks again when more would stop than was confirmed when it was made.</summary>
    /// <exception cref="RefusalException">wrong_state, confirmation_required</exception>
    internal async Task Activate(IssuingAuthority authority, string? confirm, Actor actor, CancellationToken ct)
    {
        if (authority.State != AuthorityStage.Draft)
        {
            throw new RefusalException(Refusal.WrongState, $"the authority is {authority.State}, only a pending one can be activated");
        }

        var mode = Enum.Parse<SuccessionMode>(authority.Row.Mode);
        if (mode != SuccessionMode.Rollover && await Affected(authority.OrganisationId, ct) > authority.Row.Confirmed)
        {
            await EnsureConfirmed(await InForce(authority.OrganisationId, ct), confirm, ct);
        }

        var unit = new WriteUnit();
        Activate(unit, authority.OrganisationId, authority.Generation, mode, authority.Row.ParentId, time.GetUtcNow());
        audit.Append(unit, Entry(authority.OrganisationId, actor, "authority.activate", authority.Id, new { generation = authority.Generation, mode = mode.ToString() }));
        await database.Write(unit, ct);
        await directory.Refresh(ct);
    }

    /// <summary>
    /// Ends the trust in a generation that rolls over; needs no confirmation once everybody has moved. One whose key may be in other hands ends
    /// in any case, the active one too: nothing is issued then until there is another.
    /// </summary>
    /// <exception cref="RefusalException">wrong_state, confirmation_required</exception>
    internal async Task Retire(IssuingAuthority authority, string? confirm, bool compromised, WriteUnit unit, Actor actor, CancellationToken ct)
    {
        var successor = await directory.Active(authority.OrganisationId, ct) ?? authority;
        if (authority.Kind != AuthorityKind.Issuing || !(authority.State == AuthorityStage.Retiring || (compromised && authority.State == AuthorityStage.Active)))
        {
            throw new RefusalException(Refusal.WrongState, $"the authority is {authority.State}; only one that a newer generation has taken over from can be retired");
        }

        var holders = await Progress(authority, ct);
        var lost = compromised || holders.Moved < holders.Total;
        if (lost)
        {
            await EnsureConfirmed([authority], confirm, ct);
        }

        var now = time.GetUtcNow();
        var state = compromised ? AuthorityStage.Compromised : AuthorityStage.Retired;
        var parents = await directory.Chain(successor.Id, ct);
        unit.Add($"UPDATE authorities SET state = {state}, retired_at = {now}, lost = {lost} WHERE id = {authority.Id} AND state = {authority.State}", 1,
            () => new RefusalException(Refusal.WrongState, "somebody else has just done it"));
        unit.Add(
            $"""
            UPDATE authorities SET state = 'Retired', retired_at = {now}
            WHERE organisation_id = {authority.OrganisationId} AND generation <= {authority.Generation} AND kind <> 'Issuing' AND state IN ('Active', 'Retiring')
              AND sha256 NOT IN {Sql.List(parents.Select(p => p.Sha256))}
              AND NOT EXISTS (SELECT 1 FROM authorities o WHERE o.organisation_id = authorities.organisation_id AND o.kind = 'Issuing' AND o.state = 'Retiring'
                AND o.id <> {authority.Id} AND o.generation >= authorities.generation)
            """);
        audit.Append(unit, Entry(authority.OrganisationId, actor, compromised ? "authority.compromise" : "authority.retire", authority.Id,
            new { generation = authority.Generation, holders = holders.Total, moved = holders.Moved }));
        await database.Write(unit, ct);
        await directory.Refresh(ct);
    }

    /// <summary>Holders of certificates of a former generation, and how many have one of a newer.</summary>
    internal async Task<HolderCount> Progress(IssuingAuthority authority, CancellationToken ct) =>
        await Newer(authority, ct) is { Count: > 0 } newer
            ? await issued.Holders(authority.Id, Identifiers(newer), DateTimeOffset.FromUnixTimeMilliseconds(newer.Min(a => a.Row.ActivatedAt ?? a.Row.CreatedAt)), ct)
            : new HolderCount(0, 0);

    /// <summary>Some of the working certificates whose holders have none of a newer generation.</summary>
    internal async Task<IReadOnlyList<CertificateRow>> NotMoved(IssuingAuthority authority, CancellationToken ct) =>
        await Newer(authority, ct) is { Count: > 0 } newer ? await issued.NotMoved(authority.Id, Identifiers(newer), MostListed, ct) : [];

    internal static AuditEntry Entry(string organisationId, Actor actor, string action, string authorityId, object facts) =>
        new(organisationId, actor, action, "authority", authorityId, JsonSerializer.Serialize(facts));

    private static void Activate(WriteUnit unit, string organisationId, long generation, SuccessionMode mode, string? keptRootId, DateTimeOffset now)
    {
        if (mode == SuccessionMode.Rollover)
        {
            unit.Add(
                $"""
                UPDATE authorities SET state = 'Retiring' WHERE organisation_id = {organisationId} AND generation < {generation} AND state = 'Active'
                  AND id <> {keptRootId ?? ""}
                """);
        }
        else
        {
            unit.Add(
                $"""
                UPDATE authorities SET state = 'Retired', retired_at = {now}, lost = 1
                WHERE organisation_id = {organisationId} AND generation < {generation} AND state IN ('Active', 'Retiring')
                """);
        }

        unit.Add(
            $"UPDATE authorities SET state = 'Active', activated_at = {now} WHERE organisation_id = {organisationId} AND generation = {generation} AND state = 'Draft' AND kind = 'Issuing'",
            1,
            () => new RefusalException(Refusal.WrongState, "it is no longer pending"));
        unit.Add($"UPDATE authorities SET state = 'Active', activated_at = {now} WHERE organisation_id = {organisationId} AND generation = {generation} AND state = 'Draft'");
    }

    private async Task<IReadOnlyList<IssuingAuthority>> InForce(string organisationId, CancellationToken ct)
    {
        await directory.RefreshIfChanged(ct);
        return [.. (await directory.Of(organisationId, ct)).Where(a => a is { Kind: AuthorityKind.Issuing, IsTrusted: true })];
    }

    private async Task<IReadOnlyList<IssuingAuthority>> Newer(IssuingAuthority authority, CancellationToken ct) =>
        [.. (await directory.Of(authority.OrganisationId, ct)).Where(a => a is { Kind: AuthorityKind.Issuing, IsTrusted: true } && a.Generation > authority.Generation)];

    private static string[] Identifiers(IReadOnlyList<IssuingAuthority> authorities) => [.. authorities.Select(a => a.Id)];

    private async Task EnsureConfirmed(IReadOnlyList<IssuingAuthority> stopping, string? confirm, CancellationToken ct)
    {
        string[] ids = [.. stopping.Select(a => a.Id)];
        var affected = await issued.CountActive(ids, ct);
        if (confirm?.Trim() == affected.ToString())
        {
            return;
        }

        throw new RefusalException(
            Refusal.ConfirmationRequired,
            $"{affected} certificates stop working until their holders have new ones; type the number {affected} to confirm, or roll over instead")
        {
            Facts = new Dictionary<string, object?>
            {
                ["affected"] = affected,
                ["confirm"] = affected.ToString(),
                ["certificates"] = await Named(ids, ct),
            },
        };
    }

    private async Task<string[]> Named(IReadOnlyList<string> authorityIds, CancellationToken ct) =>
        [.. (await issued.SomeActive(authorityIds, MostListed, ct)).Select(c => $"{c.Subject} ({c.Serial})")];
}
