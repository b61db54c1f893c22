using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Storage;

namespace Countersign.Server.Profiles;

/// <summary>
/// The issuing profiles, read from memory on the way to a signature. Another server on the same database may change one:
/// a copy is at most <see cref="Freshness"/> old.
/// </summary>
internal sealed class ProfileBook(Database db, AuditTrail audit, TimeProvider clock, RandomNumberGenerator random)
{
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    private sealed record Snapshot(FrozenDictionary<string, Profile> ByName, long ReadAt);

    private readonly ConcurrentDictionary<string, Snapshot> _organisations = new();

    /// <summary>The enabled profile of this name, or <see cref="Refusal.ProfileUnknown"/>.</summary>
    public async ValueTask<Profile> Get(string organisationId, string name, CancellationToken ct)
    {
        var profiles = await Load(organisationId, ct);
        return profiles.TryGetValue(name, out var profile) && profile.Enabled
            ? profile
            : throw new RefusalException(Refusal.ProfileUnknown, $"{name}; there are: {string.Join(", ", profiles.Values.Where(p => p.Enabled).Select(p => p.Name).Order())}");
    }

    /// <summary>As <see cref="Get"/>, also when it is switched off or internal; null where there is none.</summary>
    public async ValueTask<Profile?> Look(string organisationId, string name, CancellationToken ct) =>
        name == BuiltInProfiles.ServerOwn.Name ? Own(organisationId) : (await Load(organisationId, ct)).GetValueOrDefault(name);

    /// <summary>As <see cref="Look"/>, or <see cref="Refusal.ProfileUnknown"/>.</summary>
    public async ValueTask<Profile> Find(string organisationId, string name, CancellationToken ct) =>
        await Look(organisationId, name, ct) ?? throw new RefusalException(Refusal.ProfileUnknown, $"{name}; there are: {string.Join(", ", (await List(organisationId, ct)).Select(p => p.Name))}");

    /// <summary>What this server's own listeners are issued by: a constant, so that no policy for others keeps the server from renewing.</summary>
    public static Profile Own(string organisationId) => new("", organisationId, BuiltInProfiles.ServerOwn.Name, BuiltInProfiles.ServerOwn.Description,
        BuiltInProfiles.ServerOwn, ApprovalsNeeded: 1, Automatic: true, OneActivePerHolder: false, Enabled: true);

    public async ValueTask<IReadOnlyList<Profile>> List(string organisationId, CancellationToken ct) =>
        [.. (await Load(organisationId, ct)).Values.OrderBy(p => p.Name, StringComparer.Ordinal)];

    /// <summary>The rules as they were at a version; null where it is not known any more.</summary>
    public async Task<IssuingProfile?> DefinitionOf(string organisationId, string name, long version, CancellationToken ct) =>
        name == BuiltInProfiles.ServerOwn.Name ? BuiltInProfiles.ServerOwn
        : await db.ReadOne<string>($"SELECT definition FROM profile_versions WHERE organisation_id = {organisationId} AND name = {name} AND version = {version}", ct) is { } definition
            ? ProfileJson.Read(definition)
            : null;

    /// <summary>Adds the profiles every organisation starts with. Called once, when it is founded.</summary>
    public void Found(WriteUnit unit, string organisationId)
    {
        foreach (var definition in BuiltInProfiles.Offered)
        {
            var perHolder = definition.Name is "tls-client" or "person";
            Insert(unit, new Profile(Ids.New(clock, random), organisationId, definition.Name, definition.Description, definition,
                ApprovalsNeeded: 1, Automatic: false, OneActivePerHolder: perHolder, Enabled: true));
        }
    }

    /// <summary>Creates or changes a profile. The change holds for requests decided from now on.</summary>
    public async Task Save(Actor actor, Profile profile, CancellationToken ct)
    {
        profile.EnsureSound();
        var unit = new WriteUnit();
        unit.Add($"DELETE FROM profiles WHERE organisation_id = {profile.OrganisationId} AND name = {profile.Name}");
        Insert(unit, profile.Id.Length > 0 ? profile : profile with { Id = Ids.New(clock, random) });
        audit.Append(unit, new AuditEntry(profile.OrganisationId, actor, "profile.save", "profile", profile.Name, JsonSerializer.Serialize(new
        {
            profile.ApprovalsNeeded,
            profile.Automatic,
            profile.OneActivePerHolder,
            profile.Enabled,
            definition = ProfileJson.Write(profile.Definition),
        })));
        await db.Write(unit, ct);
        _organisations.TryRemove(profile.OrganisationId, out _);
    }

    private void Insert(WriteUnit unit, Profile p)
    {
        var definition = ProfileJson.Write(p.Definition);
        Sql versions = $"FROM profile_versions WHERE organisation_id = {p.OrganisationId} AND name = {p.Name}";
        unit.Add($"""
            INSERT INTO profile_versions (organisation_id, name, version, definition, changed_at)
            SELECT {p.OrganisationId}, {p.Name}, coalesce(max(version), 0) + 1, {definition}, {clock.GetUtcNow()} {versions}
            """);
        unit.Add($"""
            INSERT INTO profiles (id, organisation_id, name, title, definition, approvals_needed, automatic, one_active_per_holder, enabled, changed_at, version)
            SELECT {p.Id}, {p.OrganisationId}, {p.Name}, {p.Title}, {definition}, {p.ApprovalsNeeded},
              {p.Automatic}, {p.OneActivePerHolder}, {p.Enabled}, {clock.GetUtcNow()}, max(version) {versions}
            """);
    }

    private async ValueTask<FrozenDictionary<string, Profile>> Load(string organisationId, CancellationToken ct)
    {
        if (_organisations.TryGetValue(organisationId, out var held) && clock.GetElapsedTime(held.ReadAt) < Freshness)
            return held.ByName;
        var readAt = clock.GetTimestamp();
        var rows = await db.ReadList<Row>($"SELECT id, name, title, definition, approvals_needed, automatic, one_active_per_holder, enabled, version FROM profiles WHERE organisation_id = {organisationId}", ct);
        var byName = rows.Select(r => r.ToProfile(organisationId)).ToFrozenDictionary(p => p.Name, StringComparer.Ordinal);
        // Definitions that did not change keep their object: what the signer caches per profile stays valid.
        if (held is not null)
            byName = byName.ToFrozenDictionary(p => p.Key, p => held.ByName.TryGetValue(p.Key, out var old) && Same(old, p.Value) ? old : p.Value, StringComparer.Ordinal);
        _organisations[organisationId] = new Snapshot(byName, readAt);
        return byName;
    }

    private static bool Same(Profile a, Profile b) =>
        a with { Definition = b.Definition } == b
        && ProfileJson.Write(a.Definition) == ProfileJson.Write(b.Definition);

    private sealed class Row
    {
        public required string Id { get; init; }
        public required string Name { get; init; }
        public required string Title { get; init; }
        public required string Definition { get; init; }
        public long ApprovalsNeeded { get; init; }
        public long Automatic { get; init; }
        public long OneActivePerHolder { get; init; }
        public long Enabled { get; init; }
        public long Version { get; init; }

        public Profile ToProfile(string organisationId) => new(Id, organisationId, Name, Title,
            ProfileJson.Read(Definition),
            (int)ApprovalsNeeded, Automatic != 0, OneActivePerHolder != 0, Enabled != 0) { Version = Version };
    }
}
