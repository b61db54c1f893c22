using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Pki.Signing;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Certificates;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>What is done with an existing root's key: opened with its passphrase for one act and closed again.</summary>
internal sealed class RootAct(
    AuthorityDirectory directory, SigningKeys keys, RootLists lists, IssuedUnder issued, Database database, AuditTrail audit, TimeProvider time)
{
    internal static bool IsHere(IssuingAuthority authority) => authority is { Kind: AuthorityKind.Root, Row.KeyId: not null };

    /// <exception cref="RefusalException">key_elsewhere, bad_passphrase</exception>
    internal ISigningKey Open(IssuingAuthority root, string? passphrase) =>
        root is { Kind: AuthorityKind.Root, Row: { KeyId: { } id, Custody: { } custody, Sealed: { } secret } }
            ? keys.OpenRoot(id, custody, secret, passphrase)
            : throw new RefusalException(Refusal.KeyElsewhere, $"the key of {root.Certificate.Subject} is not kept here");

    /// <summary>Signs the root's lists anew with what is to be refused now, and with one more.</summary>
    internal async Task SignLists(WriteUnit unit, IssuingAuthority root, ISigningKey key, CrlEntry? more, CancellationToken ct)
    {
        var revoked = (await directory.Of(root.OrganisationId, ct))
            .Where(a => a.Row.ParentId == root.Id && (a.IsLost || a.State == AuthorityStage.Compromised) && a.Row.RetiredAt is not null)
            .Select(a => Entry(a, DateTimeOffset.FromUnixTimeMilliseconds(a.Row.RetiredAt!.Value), a.State == AuthorityStage.Compromised));
        var all = new List<CrlEntry>(revoked);
        if (more is not null)
        {
            all.Add(more);
        }

        // What an imported root had revoked before it came here.
        await foreach (var former in issued.Revoked(root.Id, ct))
        {
            all.Add(new CrlEntry(former.Serial, DateTimeOffset.FromUnixTimeMilliseconds(former.RevokedAt), (RevocationReason)former.Reason));
        }

        await lists.Sign(unit, root.OrganisationId, root.Id, root.Facts, key, [.. all.DistinctBy(e => Convert.ToHexString(e.Serial))], 1, ct);
    }

    /// <summary>Opens the root for nothing but its revocation lists: those of the next twelve months are signed anew.</summary>
    /// <exception cref="RefusalException">wrong_state, key_elsewhere, bad_passphrase</exception>
    internal async Task SignAhead(IssuingAuthority root, string? passphrase, Actor actor, CancellationToken ct)
    {
        if (root.Kind == AuthorityKind.Issuing)
        {
            throw new RefusalException(Refusal.WrongState, "an issuing authority signs its revocation lists by itself");
        }

        using var key = Open(root, passphrase);
        var unit = new WriteUnit();
        await SignLists(unit, root, key, more: null, ct);
        audit.Append(unit, Succession.Entry(root.OrganisationId, actor, "authority.lists", root.Id, new { subject = root.Certificate.Subject.ToString() }));
        await database.Write(unit, ct);
    }

    /// <summary>An authority that is to be refused from now on.</summary>
    internal CrlEntry Entry(IssuingAuthority authority, bool compromised) => Entry(authority, time.GetUtcNow(), compromised);

    private static CrlEntry Entry(IssuingAuthority authority, DateTimeOffset at, bool compromised) =>
        new(authority.Certificate.Serial, at, compromised ? RevocationReason.CaCompromise : RevocationReason.CessationOfOperation);
}
