using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Pki.Signing;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>What is done with an existing root's key: opened with its passphrase for one act and closed again.</summary>
internal sealed class RootAct(AuthorityDirectory directory, SigningKeys keys, RootLists lists, TimeProvider time)
{
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
        CrlEntry[] all = [.. revoked, .. more is null ? (CrlEntry[])[] : [more]];
        await lists.Sign(unit, root.OrganisationId, root.Id, root.Facts, key, [.. all.DistinctBy(e => Convert.ToHexString(e.Serial))], 1, ct);
    }

    /// <summary>An authority that is to be refused from now on.</summary>
    internal CrlEntry Entry(IssuingAuthority authority, bool compromised) => Entry(authority, time.GetUtcNow(), compromised);

    private static CrlEntry Entry(IssuingAuthority authority, DateTimeOffset at, bool compromised) =>
        new(authority.Certificate.Serial, at, compromised ? RevocationReason.CaCompromise : RevocationReason.CessationOfOperation);
}
