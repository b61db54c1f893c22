using Countersign.Pki;
using Countersign.Server.Storage;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Access;

/// <summary>Where a sign-in has come to and what can be done next.</summary>
internal sealed record SignInStep(SessionStage Stage, bool HasTotp, bool HasPasskey, bool MustChangePassword);

/// <summary>
/// Signing in: password, then TOTP, passkey or recovery code. Every step sets a new cookie; who fails is recorded.
/// Throws sign_in_failed, bad_code, locked_out, rate_limited.
/// </summary>
internal sealed class SignIn(
    Database database, Sessions sessions, SecondFactors factors, Lockout lockout, RefusedAttempts refused, TimeProvider time)
{
    internal async Task<SignInStep> WithPassword(HttpContext context, string name, string password, CancellationToken ct)
    {
        refused.CountSignIn(context);
        var nameKey = Administrator.KeyOf(name);
        var administrator = await Administrators.ReadByName(database, nameKey, ct) is { Enabled: 1 } found ? found : null;
        await Counted(context, administrator is null ? lockout.CountUnknown(nameKey, ct) : lockout.Count(administrator.Id, ct), ct);

        var passwords = context.RequestServices.GetRequiredService<Passwords>();
        if (!passwords.Check(administrator, password) || administrator is null)
        {
            await refused.Record(context, "access.sign_in_failed", ct);
            throw new RefusalException(Refusal.SignInFailed, "Name and password do not belong together.");
        }

        var has = await factors.Of(administrator, ct);
        var stage = has.Any ? SessionStage.SecondFactor : SessionStage.Enrol;
        var unit = new WriteUnit();
        Lockout.GiveBack(unit, administrator.Id);
        await sessions.Start(context, administrator, stage, "password", unit, ct);
        return new SignInStep(stage, has.Totp, has.Passkey, administrator.MustChangePassword == 1);
    }

    internal async Task<SignInStep> WithTotp(HttpContext context, string code, CancellationToken ct)
    {
        var administrator = await Pending(context, ct);
        await Counted(context, lockout.Count(administrator.Id, ct), ct);
        var unit = new WriteUnit();
        if (!factors.TakeTotp(unit, administrator, code, time.GetUtcNow()))
        {
            await Wrong(context, ct);
        }

        return await Finish(context, administrator, unit, "totp", ct);
    }

    internal async Task<SignInStep> WithRecoveryCode(HttpContext context, string code, CancellationToken ct)
    {
        var administrator = await Pending(context, ct);
        await Counted(context, lockout.Count(administrator.Id, ct), ct);
        var unit = new WriteUnit();
        RecoveryCodes.Use(unit, administrator.Id, code);
        return await Finish(context, administrator, unit, "recovery", ct);
    }

    /// <summary>Options for navigator.credentials.get, JSON.</summary>
    internal async Task<string> PasskeyOptions(HttpContext context, CancellationToken ct)
    {
        var administrator = await Pending(context, ct);
        var session = (await sessions.Find(context, ct))!.Session;
        var options = await context.RequestServices.GetRequiredService<PasskeyHandler<Administrator>>().MakeRequestOptionsAsync(administrator, context);
        await sessions.KeepChallenge(session, options.AssertionState, ct);
        return options.RequestOptionsJson;
    }

    /// <param name="context">The request.</param>
    /// <param name="credentialJson">What navigator.credentials.get returned, as its toJSON gives it.</param>
    /// <param name="ct">Ends with the request.</param>
    internal async Task<SignInStep> WithPasskey(HttpContext context, string credentialJson, CancellationToken ct)
    {
        var administrator = await Pending(context, ct);
        await Counted(context, lockout.Count(administrator.Id, ct), ct);
        var session = (await sessions.Find(context, ct))!.Session;
        var state = await sessions.Challenge(session, ct);
        await sessions.KeepChallenge(session, null, ct);
        var result = await context.RequestServices.GetRequiredService<PasskeyHandler<Administrator>>().PerformAssertionAsync(
            new PasskeyAssertionContext { HttpContext = context, CredentialJson = credentialJson, AssertionState = state });
        if (!result.Succeeded || result.User.Id != administrator.Id)
        {
            await Wrong(context, ct);
        }

        var unit = new WriteUnit();
        factors.KeepPasskey(unit, administrator, result.Passkey!);
        return await Finish(context, administrator, unit, "passkey", ct);
    }

    /// <summary>A session for an administrator whose client certificate was checked, or who has just set up everything.</summary>
    internal async Task<SignInStep> Finish(HttpContext context, Administrator administrator, WriteUnit unit, string method, CancellationToken ct)
    {
        var stage = administrator.MustChangePassword == 1 && method != "certificate" ? SessionStage.Enrol : SessionStage.Full;
        Lockout.Clear(unit, administrator.Id);
        try
        {
            await sessions.Start(context, administrator, stage, method, unit, ct);
        }
        catch (RefusalException)
        {
            await refused.Record(context, "access.sign_in_failed", ct);
            throw;
        }

        return new SignInStep(stage, false, false, administrator.MustChangePassword == 1);
    }

    /// <summary>The administrator whose password was right and whose second factor is missing. Throws unauthenticated.</summary>
    internal async Task<Administrator> Pending(HttpContext context, CancellationToken ct)
    {
        var found = await sessions.Find(context, ct);
        return found?.Session is { Stage: nameof(SessionStage.SecondFactor) } session && await Administrators.Read(database, session.AdministratorId, ct) is { Enabled: 1 } administrator
            ? administrator
            : throw new RefusalException(Refusal.Unauthenticated, "Start with name and password.");
    }

    private async Task Counted(HttpContext context, Task counting, CancellationToken ct)
    {
        try
        {
            await counting;
        }
        catch (RefusalException)
        {
            await refused.Record(context, "access.locked_out", ct);
            throw;
        }
    }

    private async Task Wrong(HttpContext context, CancellationToken ct)
    {
        await refused.Record(context, "access.sign_in_failed", ct);
        throw new RefusalException(Refusal.BadCode, "The second factor is not right.");
    }
}
