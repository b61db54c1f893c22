using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Hosting;
using Countersign.Server.Organisations;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>What an act made: the issuing authority, and the passphrase that had to be made for its root.</summary>
internal sealed record Founded(string AuthorityId, string? MadePassphrase);

/// <summary>Makes authorities: a root with an issuing authority under it, or a new issuing authority under an existing root.</summary>
internal sealed class Founding(
    AuthorityWriting writing, AuthorityNames names, Succession succession, AuthorityDirectory directory, SigningKeys keys, RootAct rootAct, RootLists lists)
{
    /// <exception cref="RefusalException">confirmation_required, bad_name, weak_key, unsupported_key, weak_passphrase, lint_failed</exception>
    internal Task<Founded> Create(string organisationId, CreateAuthority wanted, Actor actor, CancellationToken ct) => Create(organisationId, null, wanted, actor, ct);

    /// <summary>The first authority, written in one transaction with its organisation.</summary>
    internal Task<Founded> Create(NewOrganisation made, CreateAuthority wanted, Actor actor, CancellationToken ct) => Create(made.Organisation.Id, made, wanted, actor, ct);

    private async Task<Founded> Create(string organisationId, NewOrganisation? with, CreateAuthority wanted, Actor actor, CancellationToken ct)
    {
        var mode = await succession.Agree(organisationId, Mode(wanted.Mode), wanted.Confirm, ct);
        var (rootDays, issuingDays) = Lifetimes(wanted.RootDays, wanted.IssuingDays);
        var subject = AuthorityNames.Encode(await Complete(wanted.Subject));
        var rootSubject = wanted.RootSubject is null
            ? AuthorityNames.WithSuffix(subject, " Root")
            : AuthorityNames.Encode(await Complete(wanted.RootSubject));
        var made = string.IsNullOrEmpty(wanted.RootPassphrase) && wanted.RootKeyUri is null ? writing.NewPassphrase() : null;

        using var rootKey = keys.Take(wanted.RootKeyUri, wanted.KeyType);
        using var issuingKey = keys.Take(wanted.IssuingKeyUri, wanted.KeyType);
        if (rootKey.PublicKey.Spki.Span.SequenceEqual(issuingKey.PublicKey.Spki.Span))
        {
            throw new RefusalException(Refusal.SameKey, "root and issuing authority need a key each");
        }

        var rootSigner = rootKey.Signer;
        var unit = with?.Unit ?? new WriteUnit();
        var root = new AuthorityDraft(
            writing.NewId(), AuthorityKind.Root, null,
            writing.SelfSign(AuthorityProfiles.Root(rootDays), rootSubject, rootSigner),
            keys.Add(unit, organisationId, KeyPurpose.Root, rootKey, made ?? wanted.RootPassphrase));
        var rootFacts = Addresses.Facts(writing.BaseAddress, root.Id, root.Kind, root.Certificate, rootSigner.Algorithm);
        var issuing = new AuthorityDraft(
            writing.NewId(), AuthorityKind.Issuing, root.Id,
            writing.Sign(AuthorityProfiles.Issuing(issuingDays, root.Certificate.PathLength, AuthorityNames.Constraints(wanted.PermittedNames)), rootFacts, rootSigner, subject, issuingKey.PublicKey),
            keys.Add(unit, organisationId, KeyPurpose.Issuing, issuingKey, passphrase: null));
        await lists.Sign(unit, organisationId, root.Id, rootFacts, rootSigner, [], 1, ct);

        var draft = new GenerationDraft(organisationId, mode, writing.BaseAddress, [root, issuing]);
        await writing.Write(unit, draft, wanted.ActivateNow, actor, "authority.create", ct);
        return new Founded(issuing.Id, made);

        async Task<NameInput> Complete(NameInput? given) => with is null ? await names.Complete(organisationId, given, ct) : names.Complete(with.Organisation, given);
    }

    /// <summary>A new issuing authority under the root of the present one; the present one goes on being trusted.</summary>
    /// <exception cref="RefusalException">wrong_state, key_elsewhere, bad_passphrase</exception>
    internal async Task<Founded> Rollover(IssuingAuthority present, RolloverAuthority wanted, Actor actor, CancellationToken ct)
    {
        // After a compromise of the active one, its root makes the next.
        if (present.Kind != AuthorityKind.Issuing
            || !(present.State == AuthorityStage.Active || (present.State == AuthorityStage.Compromised && await directory.Active(present.OrganisationId, ct) is null)))
        {
            throw new RefusalException(Refusal.WrongState, $"the authority is {present.State}; only the one that issues now can be rolled over");
        }

        var root = await directory.Parent(present, ct)
            ?? throw new RefusalException(Refusal.KeyElsewhere, "there is no root of its own above this authority; create or import a new generation with the mode rollover");
        using var rootSigner = rootAct.Open(root, wanted.RootPassphrase);
        using var issuingKey = keys.Take(wanted.IssuingKeyUri, wanted.KeyType ?? TypeOf(present.Certificate.Key));
        var (_, issuingDays) = Lifetimes(AuthorityProfiles.RootDays, wanted.IssuingDays);
        var generations = (await directory.Of(present.OrganisationId, ct)).Max(a => a.Generation);
        var subject = AuthorityNames.WithSuffix(WithoutGeneration(present.Certificate.Subject), $" G{generations + 1}");

        var unit = new WriteUnit();
        var issuing = new AuthorityDraft(
            writing.NewId(), AuthorityKind.Issuing, root.Id,
            writing.Sign(AuthorityProfiles.Issuing(issuingDays, root.Certificate.PathLength, ConstraintsReading.Of(present.Certificate)), root.Facts, rootSigner, subject, issuingKey.PublicKey),
            keys.Add(unit, present.OrganisationId, KeyPurpose.Issuing, issuingKey, passphrase: null));
        await rootAct.SignLists(unit, root, rootSigner, more: null, ct);
        var draft = new GenerationDraft(present.OrganisationId, SuccessionMode.Rollover, writing.BaseAddress, [issuing]) { KeptRootId = root.Id };
        await writing.Write(unit, draft, activate: true, actor, "authority.rollover", ct);
        return new Founded(issuing.Id, null);
    }

    internal static SuccessionMode Mode(ReplacementMode mode) => mode switch
    {
        ReplacementMode.Replace => SuccessionMode.Replace,
        ReplacementMode.Rollover => SuccessionMode.Rollover,
        _ => SuccessionMode.First,
    };

    internal static (int Root, int Issuing) Lifetimes(int? root, int? issuing)
    {
        const int Longest = 36500;
        var (rootDays, issuingDays) = (root ?? Math.Max(AuthorityProfiles.RootDays, issuing ?? 0), issuing ?? Math.Min(AuthorityProfiles.IssuingDays, root ?? AuthorityProfiles.IssuingDays));
        return rootDays is >= 1 and <= Longest && issuingDays >= 1 && issuingDays <= rootDays
            ? (rootDays, issuingDays)
            : throw new RefusalException(Refusal.Malformed, $"lifetimes are 1 to {Longest} days, and the issuing authority ends no later than its root");
    }

    private static string TypeOf(SubjectPublicKey key) => key.Kind switch
    {
        KeyKind.EcP384 => "ecP384",
        KeyKind.Rsa => key.Bits >= 4096 ? "rsa4096" : "rsa3072",
        _ => KeyMaking.Default,
    };

    // "hq.example.test G2" becomes "hq.example.test", so that the third is G3 and not "G2 G3".
    private static DistinguishedName WithoutGeneration(DistinguishedName name)
    {
        var common = name.CommonName ?? "";
        var at = common.LastIndexOf(" G", StringComparison.Ordinal);
        return at > 0 && int.TryParse(common.AsSpan(at + 2), out _)
            ? DistinguishedName.Of(name.Attributes.Select(a => a.Oid == Oids.CommonName && a.Value == common ? a with { Value = common[..at] } : a))
            : name;
    }
}
