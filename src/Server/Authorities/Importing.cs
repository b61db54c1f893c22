using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Certificates;
using Countersign.Server.Hosting;
using Countersign.Server.Organisations;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>
/// Takes over authorities made elsewhere: a root (an issuing authority is made under it), a subordinate under an external root, or both.
/// Everything is looked at before anything is written, so the former authority is as it was when an import is refused.
/// </summary>
internal sealed class Importing(AuthorityWriting writing, Succession succession, SigningKeys keys, RootLists rootLists, SharedPrimes primes, CountersignOptions options)
{
    private const int LeastInLaboratory = 1024;

    /// <exception cref="RefusalException">
    /// malformed, bad_password, bad_signature, token_unavailable, key_mismatch, not_a_ca, expired, weak_key, weak_signature, already_revoked, crl_required, confirmation_required
    /// </exception>
    internal Task<Founded> Import(string organisationId, ImportAuthority wanted, Actor actor, CancellationToken ct) => Import(organisationId, new WriteUnit(), wanted, actor, ct);

    /// <summary>The first authority, written in one transaction with its organisation.</summary>
    internal Task<Founded> Import(NewOrganisation made, ImportAuthority wanted, Actor actor, CancellationToken ct) => Import(made.Organisation.Id, made.Unit, wanted, actor, ct);

    private async Task<Founded> Import(string organisationId, WriteUnit unit, ImportAuthority wanted, Actor actor, CancellationToken ct)
    {
        using var file = ImportedFile.Read(wanted);
        using var inToken = string.IsNullOrEmpty(wanted.KeyUri) ? null : keys.Take(wanted.KeyUri, type: null);
        var pairs = file.Pairs(inToken);
        foreach (var pair in pairs)
        {
            EnsureAuthority(pair.Certificate);
        }

        foreach (var certificate in file.Certificates)
        {
            await primes.Ensure(organisationId, certificate.Key, ct);
        }

        var lists = ImportedLists.Of(file, [.. pairs.Select(p => p.Certificate)], wanted.ForgetRevocations, writing.Now);
        var mode = await succession.Agree(organisationId, Founding.Mode(wanted.Mode), wanted.Confirm, ct);
        var made = string.IsNullOrEmpty(wanted.RootPassphrase) ? writing.NewPassphrase() : null;
        var plan = new Plan(unit, organisationId, made ?? wanted.RootPassphrase!, lists);
        var root = pairs.FirstOrDefault(p => IsRoot(p.Certificate));
        var subordinate = pairs.FirstOrDefault(p => p != root);
        var drafts = (root, subordinate) switch
        {
            ({ } r, { } s) => await Both(plan, r, s, ct),
            ({ } r, null) when r.Certificate.PathLength == 0 => [Signing(plan, r, parentId: null)],
            ({ } r, null) => await RootAlone(plan, r, ct),
            (null, { } s) when pairs.Count == 1 => Subordinate(plan, s, file.Certificates),
            _ => throw new RefusalException(Refusal.Malformed, "two subordinate authorities were given; import one after the other"),
        };
        var draft = new GenerationDraft(organisationId, mode, writing.BaseAddress, drafts)
        {
            Imported = true,
            RevocationsTakenOver = lists.Count,
            RevocationsForgotten = [.. pairs.Where(p => lists.Of(p.Certificate) is null).Select(p => p.Certificate.Subject.ToString())],
        };
        foreach (var taken in drafts)
        {
            SharedPrimes.Remember(unit, organisationId, taken.Certificate.Key, writing.Now);
        }

        await writing.Write(unit, draft, wanted.ActivateNow, actor, "authority.import", ct);
        return new Founded(drafts.Single(d => d.Kind == AuthorityKind.Issuing).Id, root?.Key.Secret is not null && drafts.Any(d => d.Kind == AuthorityKind.Root) ? made : null);
    }

    private async Task<IReadOnlyList<AuthorityDraft>> Both(Plan plan, KeyedCertificate root, KeyedCertificate subordinate, CancellationToken ct)
    {
        if (!IsIssuedBy(subordinate.Certificate, root.Certificate))
        {
            throw new RefusalException(Refusal.KeyMismatch, $"{subordinate.Certificate.Subject} was not issued by {root.Certificate.Subject}");
        }

        var rootDraft = await Root(plan, root, ct);
        return [rootDraft, Signing(plan, subordinate, rootDraft.Id)];
    }

    private async Task<IReadOnlyList<AuthorityDraft>> RootAlone(Plan plan, KeyedCertificate root, CancellationToken ct)
    {
        var rootDraft = await Root(plan, root, ct);
        using var key = KeyPair.Make(KeyMaking.Default);
        var signer = root.Key.Signer;
        var facts = Addresses.Facts(writing.BaseAddress, rootDraft.Id, AuthorityKind.Root, root.Certificate, signer.Algorithm);
        var certificate = writing.Sign(
            AuthorityProfiles.Issuing(AuthorityProfiles.IssuingDays, root.Certificate.PathLength, constraints: null), facts, signer,
            AuthorityNames.WithSuffix(root.Certificate.Subject.Normalised(), " Issuing"), key.PublicKey);
        var issuing = new AuthorityDraft(
            writing.NewId(), AuthorityKind.Issuing, rootDraft.Id, certificate, keys.Add(plan.Unit, plan.OrganisationId, KeyPurpose.Issuing, key, passphrase: null));
        return [rootDraft, issuing];
    }

    // The certificates above the subordinate, as far as they came along and really signed what is below them.
    private IReadOnlyList<AuthorityDraft> Subordinate(Plan plan, KeyedCertificate subordinate, IReadOnlyList<Certificate> others)
    {
        var above = new List<Certificate>();
        for (var current = subordinate.Certificate; !IsRoot(current) && above.Count < others.Count;)
        {
            if (others.FirstOrDefault(o => !ReferenceEquals(o, current) && o.IsCa && IsIssuedBy(current, o)) is not { } parent || above.Contains(parent))
            {
                break;
            }

            EnsureTimeAndSignature(parent);
            above.Add(parent);
            current = parent;
        }

        var drafts = new List<AuthorityDraft>();
        string? parentId = null;
        foreach (var certificate in Enumerable.Reverse(above))
        {
            drafts.Add(new AuthorityDraft(writing.NewId(), AuthorityKind.External, parentId, certificate, KeyId: null));
            parentId = drafts[^1].Id;
        }

        return [.. drafts, Signing(plan, subordinate, parentId)];
    }

    private AuthorityDraft Signing(Plan plan, KeyedCertificate pair, string? parentId)
    {
        var draft = new AuthorityDraft(
            writing.NewId(), AuthorityKind.Issuing, parentId, pair.Certificate, keys.Add(plan.Unit, plan.OrganisationId, KeyPurpose.Issuing, pair.Key, passphrase: null));
        if (plan.Lists.Of(pair.Certificate) is { } former)
        {
            // Its own last list is in force until the first one made here, which has the next number.
            IssuedUnder.TakeOver(plan.Unit, plan.OrganisationId, draft.Id, former.Entries);
            CrlShelf.Publish(
                plan.Unit,
                new CrlInForce(draft.Id, former.Number, former.List.ThisUpdate, former.List.NextUpdate ?? former.List.ThisUpdate + CrlPublishing.Life, 0, former.List.Der.ToArray()),
                plan.OrganisationId);
        }

        return draft;
    }

    private async Task<AuthorityDraft> Root(Plan plan, KeyedCertificate root, CancellationToken ct)
    {
        var draft = new AuthorityDraft(
            writing.NewId(), AuthorityKind.Root, null, root.Certificate, keys.Add(plan.Unit, plan.OrganisationId, KeyPurpose.Root, root.Key, plan.RootPassphrase));
        var signer = root.Key.Signer;
        var facts = Addresses.Facts(writing.BaseAddress, draft.Id, AuthorityKind.Root, root.Certificate, signer.Algorithm);

        // Without its last list: it may have published some all the same, and seconds since 1970 are above any number counted by hand.
        var former = plan.Lists.Of(root.Certificate);
        IssuedUnder.TakeOver(plan.Unit, plan.OrganisationId, draft.Id, former?.Entries ?? []);
        await rootLists.Sign(
            plan.Unit, plan.OrganisationId, draft.Id, facts, signer, former?.Entries ?? [], former is null ? writing.Now.ToUnixTimeSeconds() : former.Number + 1, ct);
        return draft;
    }

    private void EnsureAuthority(Certificate certificate)
    {
        if (!certificate.IsCa || certificate.KeyUsage is { } usage && (!usage.HasFlag(KeyUsages.KeyCertSign) || !usage.HasFlag(KeyUsages.CrlSign)))
        {
            throw new RefusalException(
                Refusal.NotACa, $"{certificate.Subject} has {(certificate.IsCa ? "a key usage without keyCertSign or cRLSign" : "no basicConstraints CA:TRUE")}");
        }

        EnsureKey(certificate);
        EnsureTimeAndSignature(certificate);
    }

    // X-1: below 2048 bits only where a laboratory was asked for, and then for nothing but the size.
    private void EnsureKey(Certificate certificate)
    {
        if (!options.LabWeakImports || !KeyQuality.Flaws(certificate.Key).All(f => f.Rule == "rsa_size" && certificate.Key.Bits is >= LeastInLaboratory and < 2048))
        {
            KeyQuality.Ensure(certificate.Key);
        }
    }

    private void EnsureTimeAndSignature(Certificate certificate)
    {
        if (writing.Now > certificate.NotAfter || writing.Now < certificate.NotBefore)
        {
            throw new RefusalException(Refusal.Expired, $"{certificate.Subject} is valid from {certificate.NotBefore:u} to {certificate.NotAfter:u}");
        }

        if (certificate.SignatureAlgorithm is SignatureAlgorithm.RsaSha1 or SignatureAlgorithm.EcdsaSha1 or SignatureAlgorithm.Other)
        {
            throw new RefusalException(Refusal.WeakSignature, $"{certificate.Subject} is signed with {certificate.SignatureAlgorithm}, which clients refuse");
        }
    }

    private static bool IsRoot(Certificate certificate) => certificate.IsSelfIssued && certificate.VerifySignature(certificate.Key);

    private static bool IsIssuedBy(Certificate certificate, Certificate issuer) =>
        certificate.Issuer.IsSameAs(issuer.Subject) && certificate.VerifySignature(issuer.Key);

    private sealed record Plan(WriteUnit Unit, string OrganisationId, string RootPassphrase, ImportedLists Lists);
}
