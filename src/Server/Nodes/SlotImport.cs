using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Pkcs12;
using Countersign.Pki.Requests;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.TlsChecks.Trust;

namespace Countersign.Server.Nodes;

/// <summary>Takes what a vendor sent into a slot: parts told apart, key found, chain ordered, names compared. Refused parts change nothing: what is in use stays in use.</summary>
internal sealed class SlotImport(Slots slots, SlotKeys keys, Installing installing, AuthorityDirectory authorities, Inventory inventory, TimeProvider time)
{
    private const int LeastRsaBits = 2048;   // X-1

    /// <returns>The id of the installation.</returns>
    /// <exception cref="RefusalException">
    /// not_found, malformed, bad_password, key_mismatch, weak_key, weak_signature, expired, not_yet_valid, server_auth_missing; until it is acknowledged intermediate_missing and name_not_covered
    /// </exception>
    internal async Task<string> Import(string organisationId, string slotId, ImportIntoSlot body, Actor actor, CancellationToken ct)
    {
        var owned = await slots.Get(organisationId, slotId, ct);
        using var parts = ImportedParts.Read(body);
        var (leaf, keyId, newKey) = await Match(slotId, parts, ct);
        EnsureUsable(leaf);
        var issuers = await Chain(organisationId, leaf, parts.Certificates, body.Acknowledged, ct);
        EnsureCovers(owned, leaf, body.Acknowledged);
        var issued = await Known(organisationId, leaf, ct);
        var origin = issued is not null ? CertificateOrigin.Own : IsSelfSigned(leaf) ? CertificateOrigin.SelfSigned : CertificateOrigin.Outside;
        return await installing.Take(owned, new Candidate(origin, leaf.Der.ToArray(), issuers, keyId, issued) { NewKey = newKey?.Key }, actor, ct);
    }

    // The certificate is the one a key is there for: sent along, made here for this slot, or on the appliance that made the open request.
    private async Task<(Certificate Leaf, string? KeyId, PrivateKeyFile? NewKey)> Match(string slotId, ImportedParts parts, CancellationToken ct)
    {
        foreach (var key in parts.Keys)
        {
            if (parts.Certificates.FirstOrDefault(c => SameKey(c.Key, key.PublicKey)) is { } own)
            {
                return (own, (await keys.Find(slotId, own.Key, ct))?.Id, await keys.Find(slotId, own.Key, ct) is null ? key : null);
            }
        }

        var leaves = parts.Certificates.Where(c => !c.IsCa).ToList();
        if (parts.Keys.Count == 0)
        {
            foreach (var candidate in leaves)
            {
                if (await keys.Find(slotId, candidate.Key, ct) is { } kept)
                {
                    return (candidate, kept.Id, null);
                }
            }

            if (await slots.OpenRequest(slotId, ct) is { } open && CertificationRequest.Decode(open.Csr).Key is var asked && leaves.Find(c => SameKey(c.Key, asked)) is { } answer)
            {
                return (answer, null, null);
            }
        }

        var names = string.Join("; ", (leaves.Count > 0 ? leaves : parts.Certificates).Select(c => c.Subject.ToString()));
        throw new RefusalException(Refusal.KeyMismatch, parts.Keys.Count > 0
            ? $"the private key that came with it belongs to none of the certificates: {names}"
            : $"neither the slot's open request nor any key kept for it belongs to {names}");
    }

    private void EnsureUsable(Certificate leaf)
    {
        var now = time.GetUtcNow();
        if (leaf.Key is { Kind: KeyKind.Rsa, Bits: < LeastRsaBits and var bits })
        {
            throw new RefusalException(Refusal.WeakKey, $"RSA with {bits} bits, at least {LeastRsaBits} are needed");
        }

        if (leaf.SignatureAlgorithm is SignatureAlgorithm.RsaMd5 or SignatureAlgorithm.RsaSha1 or SignatureAlgorithm.EcdsaSha1)
        {
            throw new RefusalException(Refusal.WeakSignature, $"it is signed with {leaf.SignatureAlgorithm}");
        }

        if (leaf.NotAfter < now)
        {
            throw new RefusalException(Refusal.Expired, $"{leaf.Subject} ended at {leaf.NotAfter:yyyy-MM-dd HH:mm} UTC");
        }

        if (leaf.NotBefore > now)
        {
            throw new RefusalException(Refusal.NotYetValid, $"{leaf.Subject} begins at {leaf.NotBefore:yyyy-MM-dd HH:mm} UTC");
        }

        if (leaf.ExtendedKeyUsages.Count > 0 && !leaf.ExtendedKeyUsages.Contains(Oids.ServerAuth))
        {
            throw new RefusalException(Refusal.ServerAuthMissing, leaf.Subject.ToString());
        }
    }

    // INS-17, TST-02: what a server must send so that a client with the root alone can follow
    private async Task<IReadOnlyList<Certificate>> Chain(string organisationId, Certificate leaf, IReadOnlyList<Certificate> sent, bool acknowledged, CancellationToken ct)
    {
        if (IsSelfSigned(leaf))
        {
            return [];
        }

        var own = (await authorities.Of(organisationId, ct)).Select(a => a.Certificate).ToList();
        var known = sent.Concat(own).DistinctBy(c => c.Sha256).ToList();
        var all = known.Where(c => c.Sha256 != leaf.Sha256).Prepend(leaf).ToList();
        var path = TrustPath.Find(all, TrustStore.Of("private", known.Where(c => c.IsCa && IsSelfSigned(c))), time.GetUtcNow());
        if (!path.IsTrusted && TrustStore.OfSystem() is { } system && TrustPath.Find(all, system, time.GetUtcNow()) is { IsTrusted: true } common)
        {
            path = common;
        }

        var last = path.Members[^1];
        if (!path.IsTrusted && !acknowledged)
        {
            var address = IssuerAddress(last);
            throw new RefusalException(Refusal.IntermediateMissing, $"{last.Issuer}, which signed {last.Subject}{(address is null ? "" : $"; it can be had at {address}")}")
            {
                Facts = new Dictionary<string, object?>(StringComparer.Ordinal) { ["issuer"] = last.Issuer.ToString(), ["address"] = address },
            };
        }

        return [.. path.Members.Skip(1).Where(c => !IsSelfSigned(c))];
    }

    private static void EnsureCovers(OwnedSlot owned, Certificate leaf, bool acknowledged)
    {
        var missing = owned.Expected.Where(n => !NameCover.Covers(leaf.Sans, n.Name)).ToList();
        if (missing.Count > 0 && !acknowledged)
        {
            throw new RefusalException(Refusal.NameNotCovered, $"{NameCover.Text(missing)} is not among {string.Join(", ", leaf.Sans.Select(s => s.Text))}")
            {
                Facts = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["expected"] = string.Join(' ', missing.Select(n => n.Name)),
                    ["requested"] = string.Join(' ', leaf.Sans),
                },
            };
        }
    }

    private async Task<string?> Known(string organisationId, Certificate leaf, CancellationToken ct)
    {
        try
        {
            return (await inventory.Get(organisationId, leaf.Sha256, ct)).Id;
        }
        catch (RefusalException none) when (none.Code == Refusal.NotFound)
        {
            return null;
        }
    }

    private static string? IssuerAddress(Certificate certificate) =>
        certificate.FindExtension(Oids.AuthorityInfoAccess) is { } access ? ExtensionFacts.Read(access)?.FirstOrDefault(f => f.What == "ca_issuers")?.Value : null;

    private static bool IsSelfSigned(Certificate certificate) => certificate.IsSelfIssued && certificate.VerifySignature(certificate.Key);

    private static bool SameKey(SubjectPublicKey one, SubjectPublicKey other) => one.Spki.Span.SequenceEqual(other.Spki.Span);
}
