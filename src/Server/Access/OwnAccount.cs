using Countersign.Pki;
using Countersign.Server.Audit;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>What administrators change about themselves, besides second factors.</summary>
internal sealed class OwnAccount(Database database, AuditTrail audit, Passwords passwords, Sessions sessions, SecondFactors factors, Lockout lockout)
{
    /// <summary>Other sessions of the same administrator end. Throws sign_in_failed when the present password is wrong, weak_password.</summary>
    internal async Task ChangePassword(HttpContext context, string present, string wanted, CancellationToken ct)
    {
        var session = (await sessions.Find(context, ct))?.Session;
        if (session is null or { Stage: nameof(SessionStage.SecondFactor) } || await Administrators.Read(database, session.AdministratorId, ct) is not { Enabled: 1 } administrator)
        {
            throw new RefusalException(Refusal.Unauthenticated, "Nobody is signed in.");
        }

        await lockout.Count(administrator.Id, ct);
        if (!passwords.Check(administrator, present))
        {
            throw new RefusalException(Refusal.SignInFailed, "The present password is not right.");
        }

        Passwords.EnsureGood(wanted, administrator.Name);
        if (wanted == present)
        {
            throw new RefusalException(Refusal.WeakPassword, "It is the present password.");
        }

        var unit = new WriteUnit();
        Lockout.GiveBack(unit, administrator.Id);
        unit.Add($"UPDATE administrators SET password_hash = {passwords.Hash(wanted)}, must_change_password = 0 WHERE id = {administrator.Id}");
        Sessions.EndAllOf(unit, administrator.Id, exceptId: session.Id);
        audit.Append(unit, new AuditEntry(
            administrator.OrganisationId, administrator.AsActor(context.SourceAddress()), "administrator.password", "administrator", administrator.Id, "{}"));
        if (session.Stage == nameof(SessionStage.Enrol) && (await factors.Of(administrator, ct)).Any)
        {
            await sessions.Start(context, administrator, SessionStage.Full, "password", unit, ct);
        }
        else
        {
            await database.Write(unit, ct);
        }

        sessions.ForgetOf(administrator.Id);
    }
}
