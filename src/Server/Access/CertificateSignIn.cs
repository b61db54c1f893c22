using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>Signing in with a client certificate that is bound to an administrator by its thumbprint: key and card or file are the two factors.</summary>
internal sealed class CertificateSignIn(
    Database database, SignIn signIn, AuthorityDirectory authorities, IssuedUnder issued, RefusedAttempts refused, TimeProvider time)
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
                && await IsOursAndActive(administrator.OrganisationId, Certificate.Decode(shown.RawData), ct))
            {
                return await signIn.Finish(context, administrator, new WriteUnit(), "certificate", ct);
            }
        }

        await refused.Record(context, "access.sign_in_failed", ct);
        throw new RefusalException(Refusal.SignInFailed, "No certificate, or one that is not bound to an administrator or not active.");
    }

    private async Task<bool> IsOursAndActive(string organisationId, Certificate certificate, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return certificate.NotBefore <= now && now <= certificate.NotAfter
            && await authorities.IssuerOf(organisationId, certificate, ct) is { } issuer
            && await issued.Status(issuer.Id, certificate.SerialHex, ct) is { State: "Active" };
    }
}
