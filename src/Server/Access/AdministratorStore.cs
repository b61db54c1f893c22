using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Server.Storage;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Access;

/// <summary>What ASP.NET Core Identity's passkey code needs to know about administrators. Everything else about them is in <see cref="Administrators"/>.</summary>
internal sealed class AdministratorStore(Database database, TimeProvider time) : IUserPasskeyStore<Administrator>
{
    public Task<string> GetUserIdAsync(Administrator user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(Administrator user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public Task<string?> GetNormalizedUserNameAsync(Administrator user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NameKey);

    public Task<Administrator?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Administrators.Read(database, userId, cancellationToken);

    public Task<Administrator?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        Administrators.ReadByName(database, normalizedUserName, cancellationToken);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Administrator user, CancellationToken cancellationToken)
    {
        var rows = await database.ReadList<PasskeyRow>(
            $"SELECT credential_id, administrator_id, name, data FROM passkeys WHERE administrator_id = {user.Id} ORDER BY created_at", cancellationToken);
        return [.. rows.Select(r => r.Info())];
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Administrator user, byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = Base64Url.EncodeToString(credentialId);
        var row = await database.ReadOne<PasskeyRow>(
            $"SELECT credential_id, administrator_id, name, data FROM passkeys WHERE credential_id = {id} AND administrator_id = {user.Id}", cancellationToken);
        return row?.Info();
    }

    public async Task<Administrator?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = Base64Url.EncodeToString(credentialId);
        var owner = await database.ReadOne<string>($"SELECT administrator_id FROM passkeys WHERE credential_id = {id}", cancellationToken);
        return owner is null ? null : await Administrators.Read(database, owner, cancellationToken);
    }

    public Task AddOrUpdatePasskeyAsync(Administrator user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        var unit = new WriteUnit();
        Keep(unit, user, passkey);
        return database.Write(unit, cancellationToken);
    }

    public Task RemovePasskeyAsync(Administrator user, byte[] credentialId, CancellationToken cancellationToken) =>
        database.Write($"DELETE FROM passkeys WHERE administrator_id = {user.Id} AND credential_id = {Base64Url.EncodeToString(credentialId)}", cancellationToken);

    public Task SetUserNameAsync(Administrator user, string? userName, CancellationToken cancellationToken) => throw NotHere();

    public Task SetNormalizedUserNameAsync(Administrator user, string? normalizedName, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> CreateAsync(Administrator user, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> UpdateAsync(Administrator user, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> DeleteAsync(Administrator user, CancellationToken cancellationToken) => throw NotHere();

    public void Dispose()
    {
    }

    internal void Keep(WriteUnit unit, Administrator user, UserPasskeyInfo passkey)
    {
        var data = JsonSerializer.Serialize(
            new PasskeyData(
                passkey.PublicKey, passkey.CreatedAt, passkey.SignCount, passkey.Transports, passkey.IsUserVerified, passkey.IsBackupEligible, passkey.IsBackedUp,
                passkey.AttestationObject, passkey.ClientDataJson),
            PasskeyJson.Default.PasskeyData);
        unit.Add(
            $"""
             INSERT INTO passkeys (credential_id, organisation_id, administrator_id, name, data, created_at)
             VALUES ({Base64Url.EncodeToString(passkey.CredentialId)}, {user.OrganisationId}, {user.Id}, {passkey.Name ?? "Passkey"}, {data}, {time.GetUtcNow()})
             ON CONFLICT (credential_id) DO UPDATE SET data = excluded.data WHERE passkeys.administrator_id = excluded.administrator_id
             """);
    }

    private static NotSupportedException NotHere() => new("Administrators are changed through Administrators.");
}

internal sealed record PasskeyRow
{
    public string CredentialId { get; init; } = "";

    public string AdministratorId { get; init; } = "";

    public string Name { get; init; } = "";

    public string Data { get; init; } = "";

    internal UserPasskeyInfo Info()
    {
        var data = JsonSerializer.Deserialize(Data, PasskeyJson.Default.PasskeyData)!;
        return new UserPasskeyInfo(
            Base64Url.DecodeFromChars(CredentialId), data.PublicKey, data.CreatedAt, data.SignCount, data.Transports, data.UserVerified, data.BackupEligible,
            data.BackedUp, data.AttestationObject, data.ClientDataJson)
        {
            Name = Name,
        };
    }
}

internal sealed record PasskeyData(
    byte[] PublicKey, DateTimeOffset CreatedAt, uint SignCount, string[]? Transports, bool UserVerified, bool BackupEligible, bool BackedUp,
    byte[] AttestationObject, byte[] ClientDataJson);

[JsonSerializable(typeof(PasskeyData))]
internal sealed partial class PasskeyJson : JsonSerializerContext;
