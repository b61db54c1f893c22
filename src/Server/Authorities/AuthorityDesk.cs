using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Certificates;
using Countersign.Server.Organisations;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>Everything a person or the API does with authorities; pages and endpoints call the same functions.</summary>
internal sealed class AuthorityDesk(
    AuthorityDirectory directory, AuthorityViews views, Founding founding, Importing importing, Succession succession, RootAct rootAct, AuthorityNames names)
{
    internal Task<IReadOnlyList<AuthorityView>> List(string organisationId, CancellationToken ct) => views.List(organisationId, ct);

    /// <exception cref="RefusalException">not_found</exception>
    internal async Task<AuthorityDetails> Get(string organisationId, string id, CancellationToken ct) =>
        await views.Details(await Find(organisationId, id, ct), madePassphrase: null, ct);

    /// <summary>What a form for a new authority starts with.</summary>
    internal async Task<AuthorityDefaults> Defaults(string organisationId, CancellationToken ct) => new()
    {
        Subject = await names.Defaults(organisationId, ct),
        KeyTypes = Keys.KeyMaking.Types,
        RootDays = AuthorityProfiles.RootDays,
        IssuingDays = AuthorityProfiles.IssuingDays,
        BaseAddress = names.BaseAddress,
        Affected = await succession.Affected(organisationId, ct),
    };

    /// <summary>Some of the working certificates that stop when the present authority is replaced.</summary>
    internal async Task<IReadOnlyList<(string Subject, string Serial)>> Stopping(string organisationId, CancellationToken ct) =>
        Told(await succession.SomeAffected(organisationId, ct));

    /// <summary>Some of the working certificates that stop when this authority is no longer trusted.</summary>
    internal async Task<IReadOnlyList<(string Subject, string Serial)>> Stopping(string organisationId, string id, CancellationToken ct) =>
        Told(await succession.SomeOf(await Find(organisationId, id, ct), ct));

    private static IReadOnlyList<(string Subject, string Serial)> Told(IReadOnlyList<AffectedCertificate> certificates) => [.. certificates.Select(c => (c.Subject, c.Serial))];

    internal async Task<AuthorityDetails> Create(string organisationId, CreateAuthority wanted, Actor actor, CancellationToken ct) =>
        await Answer(organisationId, await founding.Create(organisationId, wanted, actor, ct), ct);

    internal async Task<AuthorityDetails> Import(string organisationId, ImportAuthority wanted, Actor actor, CancellationToken ct) =>
        await Answer(organisationId, await importing.Import(organisationId, wanted, actor, ct), ct);

    /// <summary>An organisation with its first authority, in one transaction: an import, or one made here.</summary>
    internal async Task<AuthorityDetails> Begin(NewOrganisation made, CreateAuthority? create, ImportAuthority? import, Actor actor, CancellationToken ct) =>
        await Answer(
            made.Organisation.Id,
            import is null ? await founding.Create(made, create ?? new CreateAuthority(), actor, ct) : await importing.Import(made, import, actor, ct),
            ct);

    internal async Task<AuthorityDetails> Rollover(string organisationId, string id, RolloverAuthority wanted, Actor actor, CancellationToken ct) =>
        await Answer(organisationId, await founding.Rollover(await Find(organisationId, id, ct), wanted, actor, ct), ct);

    internal async Task<AuthorityDetails> SignLists(string organisationId, string id, SignRootLists wanted, Actor actor, CancellationToken ct)
    {
        await rootAct.SignAhead(await Find(organisationId, id, ct), wanted.RootPassphrase, actor, ct);
        return await Get(organisationId, id, ct);
    }

    internal async Task<AuthorityDetails> Activate(string organisationId, string id, string? confirm, Actor actor, CancellationToken ct)
    {
        await succession.Activate(await Find(organisationId, id, ct), confirm, actor, ct);
        return await Get(organisationId, id, ct);
    }

    internal async Task<AuthorityDetails> Retire(string organisationId, string id, RetireAuthority wanted, Actor actor, CancellationToken ct)
    {
        var authority = await Find(organisationId, id, ct);
        var unit = new WriteUnit();

        // Where the root is here, a compromise without its passphrase would be a secret: the list that tells others is the root's.
        if (await directory.Parent(authority, ct) is { } root
            && (!string.IsNullOrEmpty(wanted.RootPassphrase) || root.Custody == Keys.SigningKeys.Token || (wanted.Compromised && RootAct.IsHere(root))))
        {
            using var key = rootAct.Open(root, wanted.RootPassphrase);
            await rootAct.SignLists(unit, root, key, rootAct.Entry(authority, wanted.Compromised), ct);
        }

        await succession.Retire(authority, wanted.Confirm, wanted.Compromised, unit, actor, ct);
        return await Get(organisationId, id, ct);
    }

    internal async Task<RolloverProgress> Progress(string organisationId, string id, CancellationToken ct) =>
        await views.Progress(await Find(organisationId, id, ct), ct);

    private async Task<IssuingAuthority> Find(string organisationId, string id, CancellationToken ct)
    {
        await directory.RefreshIfChanged(ct);
        return await directory.Get(organisationId, id, ct);
    }

    private async Task<AuthorityDetails> Answer(string organisationId, Founded founded, CancellationToken ct) =>
        await views.Details(await directory.Get(organisationId, founded.AuthorityId, ct), founded.MadePassphrase, ct);
}
