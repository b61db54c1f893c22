using Countersign.Pki;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>
/// Whether a certificate was issued by one of our authorities and is active now. Set by the feature that keeps the inventory;
/// until then no certificate lets anybody in.
/// </summary>
internal sealed class ClientCertificateCheck
{
    /// <summary>Takes the organisation and the DER encoding.</summary>
    internal Func<string, ReadOnlyMemory<byte>, CancellationToken, Task<bool>> IsOursAndActive { get; set; } = (_, _, _) => Task.FromResult(false);
}

/// <summary>Signing in with a client certificate that is bound to an administrator by its thumbprint: key and card or file are the two factors.</summary>
internal sealed class CertificateSignIn(Database database, SignIn signIn, ClientCertificateCheck check, RefusedAttempts refused)
{
    /// <summary>Throws sign_in_failed.</summary>
    internal async Task<SignInStep> Finish(HttpContext context, CancellationToken ct)
    {
        refused.CountSignIn(context);
        if (context.Connection.ClientCertificate is { } shown)
        {
            var thumbprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(shown.RawData));
            var owner = await database.ReadOne<string>($"SELECT administrator_id FROM administrator_certificates WHERE sha256 = {thumbprint}", ct);
            if (owner is not null
                && await Administrators.Read(database, owner, ct) is { Enabled: 1 } administrator
                && await check.IsOursAndActive(administrator.OrganisationId, shown.RawData, ct))
            {
                return await signIn.Finish(context, administrator, new WriteUnit(), "certificate", ct);
            }
        }

        await refused.Record(context, "access.sign_in_failed", ct);
        throw new RefusalException(Refusal.SignInFailed, "No certificate, or one that is not bound to an administrator or not active.");
    }
}
