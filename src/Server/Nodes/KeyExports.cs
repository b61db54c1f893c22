using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Pki.Pkcs12;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Storage;

namespace Countersign.Server.Nodes;

/// <summary>A key on its way out as it is kept.</summary>
internal sealed record KeyExport
{
    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required string SlotId { get; init; }

    public required string InstallationId { get; init; }

    public required string AskedById { get; init; }

    public required string AskedBy { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    public string? ApprovedBy { get; init; }

    public DateTimeOffset? ApprovedAt { get; init; }

    public DateTimeOffset? TakenAt { get; init; }
}

/// <summary>
/// The one way a private key leaves: said to be exportable when it was made, asked for by one person, agreed to by another, taken once, within a quarter of an hour,
/// in a file with a password, and recorded each time.
/// </summary>
internal sealed class KeyExports(Database database, Slots slots, SlotKeys keys, AuditTrail audit, TimeProvider time, RandomNumberGenerator random)
{
    private const int ShortestPassword = 12;
    private const int MostListed = 20;
    private static readonly TimeSpan TakenWithin = TimeSpan.FromMinutes(15);

    private static readonly Sql Columns = Sql.Raw("id, organisation_id, slot_id, installation_id, asked_by_id, asked_by, asked_at, approved_by, approved_at, taken_at");

    /// <summary>Newest first.</summary>
    internal Task<IReadOnlyList<KeyExport>> Of(string organisationId, string slotId, CancellationToken ct) => database.ReadList<KeyExport>(
        $"SELECT {Columns} FROM key_exports WHERE slot_id = {slotId} AND organisation_id = {organisationId} ORDER BY id DESC LIMIT {MostListed}", ct);

    /// <exception cref="RefusalException">not_found</exception>
    internal async Task<KeyExport> Get(string organisationId, string id, CancellationToken ct) =>
        await database.ReadOne<KeyExport>($"SELECT {Columns} FROM key_exports WHERE id = {id} AND organisation_id = {organisationId}", ct)
        ?? throw new RefusalException(Refusal.NotFound, $"key export {id}");

    /// <summary>Asks for certificate and key that are in use, or that wait to be.</summary>
    /// <exception cref="RefusalException">not_found, key_not_exportable</exception>
    internal async Task<KeyExport> Ask(string organisationId, string slotId, Actor actor, CancellationToken ct)
    {
        var owned = await slots.Get(organisationId, slotId, ct);
        var current = await slots.Current(organisationId, [slotId], ct);
        var installation = current[slotId].MaxBy(i => i.Id, StringComparer.Ordinal) ?? throw new RefusalException(Refusal.NotFound, "there is no certificate in this slot");
        await Exportable(installation, ct);
        var export = new KeyExport
        {
            Id = Ids.New(time, random),
            OrganisationId = organisationId,
            SlotId = slotId,
            InstallationId = installation.Id,
            AskedById = Person(actor),
            AskedBy = actor.Name,
            AskedAt = time.GetUtcNow(),
        };
        var unit = new WriteUnit();
        unit.Add(
            $"""
            INSERT INTO key_exports (id, organisation_id, slot_id, installation_id, asked_by_id, asked_by, asked_at)
            VALUES ({export.Id}, {organisationId}, {slotId}, {installation.Id}, {export.AskedById}, {export.AskedBy}, {export.AskedAt})
            """);
        audit.Append(unit, Slots.Entry(owned, actor, "key.export.ask", installation.Certificate));
        await database.Write(unit, ct);
        return export;
    }

    /// <exception cref="RefusalException">not_found, own_request, already_decided</exception>
    internal async Task Approve(string organisationId, string id, Actor actor, CancellationToken ct)
    {
        var export = await Get(organisationId, id, ct);
        if (export.AskedById == Person(actor))
        {
            throw new RefusalException(Refusal.OwnRequest, $"{export.AskedBy} asked for it");
        }

        var owned = await slots.Get(organisationId, export.SlotId, ct);
        var unit = new WriteUnit();
        unit.Add(
            $"UPDATE key_exports SET approved_by = {actor.Name}, approved_at = {time.GetUtcNow()} WHERE id = {id} AND approved_at IS NULL",
            1,
            () => new RefusalException(Refusal.AlreadyDecided, "somebody agreed to it before"));
        audit.Append(unit, Slots.Entry(owned, actor, "key.export.approve", (await slots.Installation(organisationId, export.InstallationId, ct)).Certificate));
        await database.Write(unit, ct);
    }

    /// <summary>PKCS#12 with the key, its certificate and the chain. Made once, for the one who asked.</summary>
    /// <exception cref="RefusalException">not_found, weak_password, own_request where nobody else agreed, forbidden for others than who asked, expired, already_decided</exception>
    internal async Task<byte[]> Take(string organisationId, string id, string password, Actor actor, CancellationToken ct)
    {
        var export = await Get(organisationId, id, ct);
        if (export.AskedById != Person(actor))
        {
            throw new RefusalException(Refusal.Forbidden, $"{export.AskedBy} asked for it");
        }

        if (password.Length < ShortestPassword)
        {
            throw new RefusalException(Refusal.WeakPassword, $"the password of a file with a private key has at least {ShortestPassword} characters");
        }

        var now = time.GetUtcNow();
        if (export.ApprovedAt is not { } approved)
        {
            throw new RefusalException(Refusal.OwnRequest, "nobody else has agreed to it yet");
        }

        if (approved + TakenWithin < now)
        {
            throw new RefusalException(Refusal.Expired, $"it was agreed to at {approved:yyyy-MM-dd HH:mm} UTC, for a quarter of an hour");
        }

        var owned = await slots.Get(organisationId, export.SlotId, ct);
        var installation = await slots.Installation(organisationId, export.InstallationId, ct);
        using var key = keys.Open(await Exportable(installation, ct));
        var unit = new WriteUnit();
        unit.Add($"UPDATE key_exports SET taken_at = {now} WHERE id = {id} AND taken_at IS NULL", 1, () => new RefusalException(Refusal.AlreadyDecided, "the file was made before"));
        audit.Append(unit, Slots.Entry(owned, actor, "key.export.take", installation.Certificate));
        await database.Write(unit, ct);
        var pkcs8 = key.ToPkcs8();
        try
        {
            return Pkcs12File.Write(pkcs8, [installation.Certificate, .. installation.Issuers], password, owned.Owner.Names[0]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private async Task<SlotKey> Exportable(Installation installation, CancellationToken ct) =>
        installation.KeyId is { } keyId && await keys.Get(keyId, ct) is { Exportable: true } key
            ? key
            : throw new RefusalException(Refusal.KeyNotExportable, installation.KeyId is null ? "its key is on the appliance" : "that was not allowed when the key was made");

    // Tokens of one administrator are one person.
    private static string Person(Actor actor) => actor.AdministratorId ?? actor.Id;
}
