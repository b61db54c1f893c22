namespace Countersign.Server.Authorities;

/// <param name="Authority">Which.</param>
/// <param name="IsList">Its revocation lists end; otherwise the authority itself.</param>
/// <param name="RenewsItself">Nobody has to do anything while the server runs.</param>
/// <param name="Begin">When what ends began; null where that says nothing.</param>
/// <param name="End">When it ends.</param>
internal sealed record AuthorityEnd(IssuingAuthority Authority, bool IsList, bool RenewsItself, DateTimeOffset? Begin, DateTimeOffset End);

/// <summary>When the authorities that are trusted end, and when the revocation lists they have run out.</summary>
internal sealed class AuthorityEnds(AuthorityDirectory directory, CrlShelf shelf, RootLists lists)
{
    internal async Task<IReadOnlyList<AuthorityEnd>> All(CancellationToken ct)
    {
        var ends = new List<AuthorityEnd>();
        foreach (var authority in (await directory.All(ct)).Where(a => a.IsTrusted))
        {
            var certificate = authority.Certificate;
            ends.Add(new AuthorityEnd(authority, IsList: false, RenewsItself: false, certificate.NotBefore, certificate.NotAfter));
            if (await Lists(authority, ct) is { } list && list.End < certificate.NotAfter)
            {
                ends.Add(list);
            }
        }

        return ends;
    }

    private async Task<AuthorityEnd?> Lists(IssuingAuthority authority, CancellationToken ct) => authority switch
    {
        { Kind: AuthorityKind.Issuing } => await shelf.Get(authority.Id, ct) is { } list ? new AuthorityEnd(authority, IsList: true, RenewsItself: true, list.ThisUpdate, list.NextUpdate) : null,
        _ when RootAct.IsHere(authority) => await lists.Until(authority.Id, ct) is { } end ? new AuthorityEnd(authority, IsList: true, RenewsItself: false, null, end) : null,
        _ => null,
    };
}
