using System.Buffers.Text;
using Countersign.Pki;
using Countersign.Server.Audit;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>A second factor of one administrator as the account page lists it.</summary>
/// <param name="Id">"totp", the credential of a passkey, or the thumbprint of a certificate.</param>
/// <param name="Kind">totp, passkey or certificate.</param>
/// <param name="Name">What its owner called it; null for the authenticator app, of which there is one.</param>
/// <param name="Since">When it was set up, where that is known.</param>
internal sealed record FactorRow(string Id, string Kind, string? Name, DateTimeOffset? Since)
{
    /// <summary>A certificate signs in by itself; the last of the others stays.</summary>
    internal bool IsSecond => Kind != "certificate";
}

/// <summary>What somebody can sign in with besides the password, one by one, and taking one of them away. The last one stays.</summary>
internal sealed class FactorRemoval(Database database, AuditTrail audit, SecondFactors factors, AdministratorStore store)
{
    private const string Totp = "totp";
    private const string Certificate = "certificate";

    internal async Task<IReadOnlyList<FactorRow>> List(string administratorId, CancellationToken ct)
    {
        if (await Administrators.Read(database, administratorId, ct) is not { } administrator)
        {
            return [];
        }

        var rows = (await store.GetPasskeysAsync(administrator, ct)).Select(p => new FactorRow(Base64Url.EncodeToString(p.CredentialId), "passkey", p.Name, p.CreatedAt));
        var certificates = await database.ReadList<CertificateRow>(
            $"SELECT sha256, created_at FROM administrator_certificates WHERE administrator_id = {administratorId} ORDER BY created_at, sha256", ct);
        var all = rows.Concat(certificates.Select(c => new FactorRow(c.Sha256, Certificate, c.Sha256, DateTimeOffset.FromUnixTimeMilliseconds(c.CreatedAt))));
        return administrator.TotpSecret is null ? [.. all] : [new FactorRow(Totp, Totp, null, null), .. all];
    }

    /// <summary>Takes one away from whoever is signed in. Throws sign_in_again, not_found, last_second_factor.</summary>
    internal async Task Remove(HttpContext context, string id, CancellationToken ct)
    {
        var (_, administrator) = await factors.Changing(context, ct);
        if ((await List(administrator.Id, ct)).FirstOrDefault(f => f.Id == id) is not { } factor)
        {
            throw new RefusalException(Refusal.NotFound, "There is no such second factor.");
        }

        // Two removals at once on one PostgreSQL database wait for each other at this row, so that the second sees what the first left.
        var unit = new WriteUnit();
        unit.Add($"UPDATE administrators SET totp_step = totp_step WHERE id = {administrator.Id}");
        unit.Add(
            factor.Kind switch
            {
                Totp => WithoutTotp(administrator.Id),
                Certificate => $"DELETE FROM administrator_certificates WHERE sha256 = {id} AND administrator_id = {administrator.Id}",
                _ => WithoutPasskey(administrator.Id, id),
            },
            1,
            () => new RefusalException(Refusal.LastSecondFactor, "There would be no second factor left."));
        audit.Append(unit, new AuditEntry(
            administrator.OrganisationId, administrator.AsActor(context.SourceAddress()), "administrator.second_factor_removed", "administrator", administrator.Id,
            $$"""{"kind":"{{factor.Kind}}"}"""));
        await database.Write(unit, ct);
    }

    private static Sql WithoutTotp(string administratorId) =>
        $"""
         UPDATE administrators SET totp_secret = NULL
         WHERE id = {administratorId} AND totp_secret IS NOT NULL AND EXISTS (SELECT 1 FROM passkeys WHERE administrator_id = {administratorId})
         """;

    private static Sql WithoutPasskey(string administratorId, string credentialId) =>
        $"""
         DELETE FROM passkeys
         WHERE credential_id = {credentialId} AND administrator_id = {administratorId}
           AND (EXISTS (SELECT 1 FROM administrators WHERE id = {administratorId} AND totp_secret IS NOT NULL)
             OR EXISTS (SELECT 1 FROM passkeys o WHERE o.administrator_id = {administratorId} AND o.credential_id <> {credentialId}))
         """;

    private sealed record CertificateRow(string Sha256, long CreatedAt);
}
