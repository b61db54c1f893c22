using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Server.Audit;
using Countersign.Server.Storage;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Access;

/// <summary>What an administrator has besides the password.</summary>
internal sealed record FactorsOf(bool Totp, bool Passkey)
{
    internal bool Any => Totp || Passkey;
}

/// <summary>A TOTP secret that waits for its first code.</summary>
/// <param name="Secret">Base32, to be typed.</param>
/// <param name="Uri">otpauth address, to be shown as a QR code.</param>
internal sealed record TotpOffer(string Secret, string Uri);

/// <summary>Setting up and checking second factors.</summary>
internal sealed class SecondFactors(
    Database database, AuditTrail audit, Sessions sessions, TotpSeal seal, AdministratorStore store, TimeProvider time, RandomNumberGenerator random)
{
    /// <summary>Second factors are changed only this soon after signing in.</summary>
    internal static readonly TimeSpan FreshSignIn = TimeSpan.FromMinutes(10);

    internal async Task<FactorsOf> Of(Administrator administrator, CancellationToken ct) => new(
        administrator.TotpSecret is not null,
        await database.ReadOne<long>($"SELECT COUNT(*) FROM passkeys WHERE administrator_id = {administrator.Id}", ct) > 0);

    /// <summary>False when the code is wrong. A code that was taken is not taken again, on no server.</summary>
    internal bool TakeTotp(WriteUnit unit, Administrator administrator, string code, DateTimeOffset now)
    {
        if (administrator.TotpSecret is null || Totp.Check(seal.Open(administrator.Id, administrator.TotpSecret), code, now, administrator.TotpStep) is not { } step)
        {
            return false;
        }

        unit.Add(
            $"UPDATE administrators SET totp_step = {step} WHERE id = {administrator.Id} AND totp_step < {step}",
            1,
            () => new RefusalException(Refusal.BadCode, "This code was used before."));
        return true;
    }

    internal void KeepPasskey(WriteUnit unit, Administrator administrator, UserPasskeyInfo passkey) => store.Keep(unit, administrator, passkey);

    /// <summary>Offers a new TOTP secret; it counts once <see cref="ConfirmTotp"/> has seen a code of it.</summary>
    internal async Task<TotpOffer> StartTotp(HttpContext context, CancellationToken ct)
    {
        var (session, administrator) = await Changing(context, ct);
        var secret = Totp.NewSecret(random);
        await sessions.KeepOffer(session, seal.Seal(administrator.Id, secret), ct);
        return new TotpOffer(Totp.ToBase32(secret), Totp.Uri(secret, administrator.Name, "Countersign"));
    }

    /// <summary>The offer that was made last in this session, for a page that is shown again; null when there is none.</summary>
    internal async Task<TotpOffer?> PendingTotp(HttpContext context, CancellationToken ct)
    {
        var (session, administrator) = await Changing(context, ct);
        return await Offered(session, ct) is { } secret ? new TotpOffer(Totp.ToBase32(secret), Totp.Uri(secret, administrator.Name, "Countersign")) : null;
    }

    /// <summary>Takes the offered secret into use. Returns ten recovery codes, shown once. Throws bad_code.</summary>
    internal async Task<IReadOnlyList<string>> ConfirmTotp(HttpContext context, string code, CancellationToken ct)
    {
        var (session, administrator) = await Changing(context, ct);
        var secret = await Offered(session, ct) ?? throw new RefusalException(Refusal.BadCode, "No authenticator is being set up.");
        var step = Totp.Check(secret, code, time.GetUtcNow(), 0) ?? throw new RefusalException(Refusal.BadCode, "The code does not belong to the secret shown.");
        var unit = new WriteUnit();
        unit.Add($"UPDATE administrators SET totp_secret = {seal.Seal(administrator.Id, secret)}, totp_step = {step} WHERE id = {administrator.Id}");
        return await SetUp(context, unit, session, administrator, "totp", ct);
    }

    /// <summary>Options for navigator.credentials.create, JSON.</summary>
    internal async Task<string> PasskeyOptions(HttpContext context, CancellationToken ct)
    {
        var (session, administrator) = await Changing(context, ct);
        var options = await context.RequestServices.GetRequiredService<PasskeyHandler<Administrator>>().MakeCreationOptionsAsync(
            new PasskeyUserEntity { Id = administrator.Id, Name = administrator.Name, DisplayName = administrator.Name }, context);
        await sessions.KeepChallenge(session, options.AttestationState, ct);
        return options.CreationOptionsJson;
    }

    /// <summary>Takes a new passkey into use. Returns ten recovery codes, shown once. Throws bad_code.</summary>
    internal async Task<IReadOnlyList<string>> AddPasskey(HttpContext context, string name, string credentialJson, CancellationToken ct)
    {
        var (session, administrator) = await Changing(context, ct);
        var state = await sessions.Challenge(session, ct);
        await sessions.KeepChallenge(session, null, ct);
        var result = await context.RequestServices.GetRequiredService<PasskeyHandler<Administrator>>().PerformAttestationAsync(
            new PasskeyAttestationContext { HttpContext = context, CredentialJson = credentialJson, AttestationState = state });
        if (!result.Succeeded || result.UserEntity.Id != administrator.Id)
        {
            throw new RefusalException(Refusal.BadCode, "The passkey could not be verified.", result.Failure);
        }

        result.Passkey.Name = name.Trim() is { Length: > 0 } given ? given[..Math.Min(given.Length, 64)] : "Passkey";
        var unit = new WriteUnit();
        store.Keep(unit, administrator, result.Passkey);
        return await SetUp(context, unit, session, administrator, "passkey", ct);
    }

    /// <summary>Voids the recovery codes and returns new ones, shown once.</summary>
    internal async Task<IReadOnlyList<string>> NewRecoveryCodes(HttpContext context, CancellationToken ct)
    {
        var (session, administrator) = await Changing(context, ct);
        return await SetUp(context, new WriteUnit(), session, administrator, "recovery", ct);
    }

    /// <summary>The session and administrator who may change their own sign-in now. Throws unauthenticated, sign_in_again.</summary>
    internal async Task<(Session Session, Administrator Administrator)> Changing(HttpContext context, CancellationToken ct)
    {
        var session = (await sessions.Find(context, ct))?.Session;
        if (session is null or { Stage: nameof(SessionStage.SecondFactor) } || await Administrators.Read(database, session.AdministratorId, ct) is not { Enabled: 1 } administrator)
        {
            throw new RefusalException(Refusal.Unauthenticated, "Nobody is signed in.");
        }

        var age = time.GetUtcNow().ToUnixTimeMilliseconds() - session.StartedAt;
        return session.Stage == nameof(SessionStage.Full) && age > FreshSignIn.TotalMilliseconds
            ? throw new RefusalException(Refusal.SignInAgain, $"The sign-in is more than {FreshSignIn.TotalMinutes:0} minutes old.")
            : (session, administrator);
    }

    private async Task<byte[]?> Offered(Session session, CancellationToken ct) =>
        await sessions.Offer(session, ct) is { } kept ? seal.Open(session.AdministratorId, kept) : null;

    private async Task<IReadOnlyList<string>> SetUp(
        HttpContext context, WriteUnit unit, Session session, Administrator administrator, string kind, CancellationToken ct)
    {
        var codes = RecoveryCodes.Replace(unit, administrator, random);
        audit.Append(unit, new AuditEntry(
            administrator.OrganisationId, administrator.AsActor(context.SourceAddress()), "administrator.second_factor", "administrator", administrator.Id, $$"""{"kind":"{{kind}}"}"""));
        if (session.Stage == nameof(SessionStage.Enrol) && administrator.MustChangePassword == 0)
        {
            await sessions.Start(context, administrator, SessionStage.Full, kind, unit, ct);
        }
        else
        {
            await database.Write(unit, ct);
            await sessions.KeepOffer(session, null, ct);
        }

        return codes;
    }
}
