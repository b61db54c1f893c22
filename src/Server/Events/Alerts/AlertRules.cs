using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Storage;

namespace Countersign.Server.Events.Alerts;

/// <summary>The rules: which events are sent where. Kept by the primary administrators.</summary>
internal sealed partial class AlertRules(Database database, AuditTrail audit, Sealing sealing, TimeProvider clock, RandomNumberGenerator random)
{
    private const string Purpose = "alert-webhook";
    private const int MostRules = 100;
    private const int MostKinds = 50;

    internal Task<IReadOnlyList<AlertRow>> List(string organisationId, CancellationToken ct) =>
        database.ReadList<AlertRow>($"SELECT {AlertRow.Columns} FROM alert_rules r WHERE r.organisation_id = {organisationId} ORDER BY r.id", ct);

    /// <exception cref="RefusalException">not_found</exception>
    internal async Task<AlertRow> Get(string organisationId, string id, CancellationToken ct) =>
        await database.ReadOne<AlertRow>($"SELECT {AlertRow.Columns} FROM alert_rules r WHERE r.organisation_id = {organisationId} AND r.id = {id}", ct)
            ?? throw new RefusalException(Refusal.NotFound, $"there is no alert {id}");

    /// <exception cref="RefusalException">malformed, text_too_long</exception>
    internal async Task<CreatedAlert> Create(string organisationId, SaveAlert wanted, Actor actor, CancellationToken ct)
    {
        Ensure(wanted);
        if ((await List(organisationId, ct)).Count >= MostRules)
        {
            throw new RefusalException(Refusal.Malformed, $"an organisation has at most {MostRules} alerts");
        }

        var id = Ids.New(clock, random);
        var shown = AlertAddress.Shown(wanted.Target, wanted.Address);
        var secret = wanted.Target == AlertTarget.Webhook ? "whs_" + Secrets.Make(random, 32) : null;
        var unit = new WriteUnit();
        unit.Add(
            $"""
             INSERT INTO alert_rules (id, organisation_id, name, enabled, least, kinds, target, address, sealed, rhythm, created_at, created_by)
             VALUES ({id}, {organisationId}, {wanted.Name.Trim()}, {wanted.Enabled}, {wanted.LeastSeverity}, {Kinds(wanted)}, {wanted.Target}, {shown},
                     {(secret is null ? null : Seal(id, secret, wanted.Address!))}, {wanted.Rhythm}, {clock.GetUtcNow()}, {actor.Name})
             """);
        audit.Append(unit, new AuditEntry(organisationId, actor, "alert.create", "alert", id, Facts(wanted, shown)));
        await database.Write(unit, ct);
        return new CreatedAlert { Alert = (await Get(organisationId, id, ct)).View, Secret = secret };
    }

    /// <exception cref="RefusalException">malformed, not_found</exception>
    internal async Task<AlertView> Change(string organisationId, string id, SaveAlert wanted, Actor actor, CancellationToken ct)
    {
        Ensure(wanted);
        var before = await Get(organisationId, id, ct);
        if (before.Way != wanted.Target)
        {
            throw new RefusalException(Refusal.Malformed, "how an alert travels is not changed; make another one");
        }

        var given = wanted.Address is { Length: > 0 };
        var shown = given ? AlertAddress.Shown(wanted.Target, wanted.Address) : before.Address;
        var kept = given && wanted.Target == AlertTarget.Webhook ? Seal(id, Open(before).Secret, wanted.Address!) : before.Sealed;
        var unit = new WriteUnit();
        unit.Add(
            $"""
             UPDATE alert_rules SET name = {wanted.Name.Trim()}, enabled = {wanted.Enabled}, least = {wanted.LeastSeverity}, kinds = {Kinds(wanted)}, address = {shown},
               sealed = {kept}, rhythm = {wanted.Rhythm}
             WHERE id = {id} AND organisation_id = {organisationId}
             """,
            1,
            () => new RefusalException(Refusal.NotFound, $"there is no alert {id}"));
        if (!wanted.Enabled)
        {
            unit.Add($"DELETE FROM deliveries WHERE rule_id = {id}");
        }

        // Whatever waits is tried with the new address at once.
        unit.Add($"UPDATE deliveries SET due_at = {clock.GetUtcNow()} WHERE rule_id = {id} AND attempts > 0");
        audit.Append(unit, new AuditEntry(organisationId, actor, "alert.change", "alert", id, Facts(wanted, shown)));
        await database.Write(unit, ct);
        return (await Get(organisationId, id, ct)).View;
    }

    /// <summary>With all that waits.</summary>
    /// <exception cref="RefusalException">not_found</exception>
    internal Task Remove(string organisationId, string id, Actor actor, CancellationToken ct)
    {
        var unit = new WriteUnit();
        unit.Add($"DELETE FROM alert_rules WHERE id = {id} AND organisation_id = {organisationId}", 1, () => new RefusalException(Refusal.NotFound, $"there is no alert {id}"));
        unit.Add($"DELETE FROM deliveries WHERE rule_id = {id}");
        audit.Append(unit, new AuditEntry(organisationId, actor, "alert.remove", "alert", id, "{}"));
        return database.Write(unit, ct);
    }

    /// <summary>Events that arise meanwhile are not sent later; those that wait already are.</summary>
    /// <exception cref="RefusalException">not_found</exception>
    internal async Task<AlertView> Mute(string organisationId, string id, DateTimeOffset? until, Actor actor, CancellationToken ct)
    {
        var unit = new WriteUnit();
        unit.Add($"UPDATE alert_rules SET muted_until = {until} WHERE id = {id} AND organisation_id = {organisationId}", 1, () => new RefusalException(Refusal.NotFound, $"there is no alert {id}"));
        audit.Append(unit, new AuditEntry(organisationId, actor, "alert.mute", "alert", id, JsonSerializer.Serialize(new { until })));
        await database.Write(unit, ct);
        return (await Get(organisationId, id, ct)).View;
    }

    /// <summary>The secret and the whole address of a webhook.</summary>
    internal (string Secret, Uri Url) Open(AlertRow rule)
    {
        var text = Encoding.UTF8.GetString(sealing.Open(Purpose, rule.Id, rule.Sealed)).Split('\n', 2);
        return (text[0], AlertAddress.Hook(text[1]));
    }

    private byte[] Seal(string id, string secret, string url) => sealing.Seal(Purpose, id, Encoding.UTF8.GetBytes($"{secret}\n{url}"));

    private static void Ensure(SaveAlert wanted)
    {
        if (wanted.Name.Trim().Length is 0 or > 64)
        {
            throw new RefusalException(Refusal.Malformed, "an alert has a name of 1 to 64 characters");
        }

        if (wanted.Kinds.Count > MostKinds || !wanted.Kinds.All(k => KindForm().IsMatch(k)))
        {
            throw new RefusalException(Refusal.Malformed, $"kinds of events are words such as certificate_expiry, at most {MostKinds}");
        }

        if (wanted.Rhythm != AlertRhythm.Immediate && wanted.Target != AlertTarget.Email)
        {
            throw new RefusalException(Refusal.Malformed, "only mails are gathered; webhook and syslog are told at once");
        }
    }

    private static string Kinds(SaveAlert wanted) => string.Join(' ', wanted.Kinds.Distinct(StringComparer.Ordinal));

    private static string Facts(SaveAlert wanted, string shown) => JsonSerializer.Serialize(new
    {
        name = wanted.Name, enabled = wanted.Enabled, least = wanted.LeastSeverity.ToString(), kinds = wanted.Kinds, target = wanted.Target.ToString(), address = shown, rhythm = wanted.Rhythm.ToString(),
    });

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.None, 100)]
    private static partial Regex KindForm();
}
