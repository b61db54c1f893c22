using Countersign.Pki;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>Puts the parts of a change to an account into one unit. Each part throws before anything is written, so a change is made whole or not at all.</summary>
internal sealed class AdministratorChange(WriteUnit unit, string organisationId, string id, Action<string, string> audit)
{
    internal void Role(string? name)
    {
        if (name is null)
        {
            return;
        }

        var role = Roles.Parse(name);
        unit.Add(
            $"""
             UPDATE administrators SET role = {role}
             WHERE id = {id} AND organisation_id = {organisationId} AND ({role} = 'PrimaryAdministrator' OR {AnotherPrimary(organisationId, id)})
             """,
            1,
            LastPrimary);
        audit("administrator.role", $$"""{"role":"{{role}}"}""");
    }

    internal void Enabled(bool? wanted)
    {
        if (wanted is not { } enabled)
        {
            return;
        }

        unit.Add(
            $"""
             UPDATE administrators SET enabled = {enabled}
             WHERE id = {id} AND organisation_id = {organisationId} AND ({(enabled ? 1 : 0)} = 1 OR {AnotherPrimary(organisationId, id)})
             """,
            1,
            LastPrimary);
        if (!enabled)
        {
            Sessions.EndAllOf(unit, id);
        }

        audit(enabled ? "administrator.enable" : "administrator.disable", "{}");
    }

    internal void Password(string? password, bool factorsToo, Passwords passwords)
    {
        if (password is null)
        {
            return;
        }

        Passwords.EnsureGood(password, "");
        unit.Add($"UPDATE administrators SET password_hash = {passwords.Hash(password)}, must_change_password = 1 WHERE id = {id}");
        if (factorsToo)
        {
            unit.Add($"UPDATE administrators SET totp_secret = NULL WHERE id = {id}");
            RemoveFactors(unit, id);
        }

        Lockout.Clear(unit, id);
        Sessions.EndAllOf(unit, id);
        audit("administrator.reset", $$"""{"secondFactors":{{(factorsToo ? "true" : "false")}}}""");
    }

    internal void Unlock(bool wanted)
    {
        if (wanted)
        {
            Lockout.Clear(unit, id);
            audit("administrator.unlock", "{}");
        }
    }

    /// <summary>Lets the holder of a certificate of our own CA sign in as this administrator.</summary>
    internal void Certificate(string? sha256, DateTimeOffset now)
    {
        if (sha256 is null)
        {
            return;
        }

        var thumbprint = Secrets.Normalise(sha256);
        if (thumbprint.Length != 64 || !thumbprint.All(char.IsAsciiHexDigit))
        {
            throw new RefusalException(Refusal.Malformed, "A SHA-256 thumbprint has 64 hexadecimal digits.");
        }

        unit.Add(
            $"""
             INSERT INTO administrator_certificates (sha256, organisation_id, administrator_id, created_at) VALUES ({thumbprint}, {organisationId}, {id}, {now})
             ON CONFLICT (sha256) DO NOTHING
             """,
            1,
            () => new RefusalException(Refusal.NameTaken, "The certificate is bound to an administrator already."));
        audit("administrator.bind_certificate", $$"""{"sha256":"{{thumbprint}}"}""");
    }

    internal static void RemoveFactors(WriteUnit unit, string id)
    {
        unit.Add($"DELETE FROM passkeys WHERE administrator_id = {id}");
        unit.Add($"DELETE FROM recovery_codes WHERE administrator_id = {id}");
        unit.Add($"DELETE FROM administrator_certificates WHERE administrator_id = {id}");
    }

    internal static Sql AnotherPrimary(string organisationId, string id) =>
        $"""
         EXISTS (SELECT 1 FROM administrators o WHERE o.organisation_id = {organisationId} AND o.id <> {id} AND o.role = 'PrimaryAdministrator' AND o.enabled = 1)
         """;

    internal static RefusalException LastPrimary() => new(Refusal.LastPrimaryAdministrator, "There would be no enabled primary administrator left.");
}
