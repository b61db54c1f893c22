using Countersign.Pki.Crl;
using Countersign.Server.Certificates;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>
/// Keeps every list current: a new one within moments of a revocation by any server, and at half of its life. Those of a root come from the
/// ones signed ahead. Numbers and times only grow, whatever the clock does.
/// </summary>
internal sealed class CrlPublishing(
    Database database, AuthorityDirectory directory, IssuedUnder issued, CrlShelf shelf, TimeProvider time, ILogger<CrlPublishing> log)
    : RepeatedWork(time, Every, log)
{
    internal static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task Turn(CancellationToken ct)
    {
        await directory.RefreshIfChanged(ct);
        await shelf.Synchronise(ct);
        var changes = await issued.Changes(ct);
        foreach (var authority in await directory.All(ct))
        {
            if (authority.Kind == AuthorityKind.Root)
            {
                await BringOutNext(authority, ct);
            }
            else if (authority is { Kind: AuthorityKind.Issuing, HasOpenKey: true } && IsDue(authority, changes.GetValueOrDefault(authority.Id)))
            {
                await Publish(authority, changes.GetValueOrDefault(authority.Id), ct);
            }
        }
    }

    private bool IsDue(IssuingAuthority authority, long changes)
    {
        var now = Time.GetUtcNow();
        var list = shelf.All.FirstOrDefault(l => l.AuthorityId == authority.Id);
        return now < authority.Certificate.NotAfter && (list is null || changes > list.Changes || now >= list.ThisUpdate + (Life / 2));
    }

    private async Task Publish(IssuingAuthority authority, long changes, CancellationToken ct)
    {
        var last = await shelf.Get(authority.Id, ct);
        var number = last switch
        {
            null => Math.Max(FirstNumber(authority), await RestoredData.Above(database, 0, ct)),
            { Changes: RestoredData.FromBackup } => await RestoredData.Above(database, last.Number, ct),
            _ => last.Number + 1,
        };
        var from = last is not null && last.ThisUpdate > Time.GetUtcNow() ? last.ThisUpdate : Time.GetUtcNow();
        using var writer = new CrlWriter(Addresses.ListFacts(authority.Facts, authority.Row.Imported != 0), number, from, from + Life);
        await foreach (var revoked in issued.Revoked(authority.Id, ct))
        {
            writer.Add(revoked.Serial, DateTimeOffset.FromUnixTimeMilliseconds(revoked.RevokedAt), (RevocationReason)revoked.Reason);
        }

        var der = writer.Sign(authority.Key);
        var unit = new WriteUnit();
        CrlShelf.Publish(unit, new CrlInForce(authority.Id, number, from, from + Life, changes, der), authority.OrganisationId);
        await database.Write(unit, ct);
        await shelf.Load(authority.Id, ct);
    }

    private async Task BringOutNext(IssuingAuthority root, CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        var number = (await shelf.Get(root.Id, ct))?.Number ?? 0;
        if (await database.ReadOne<long?>(
            $"SELECT max(number) FROM crls_ahead WHERE authority_id = {root.Id} AND this_update <= {now} AND number > {number}", ct) is not { } next)
        {
            return;
        }

        await database.Write(
            $"""
            UPDATE crls SET number = ahead.number, this_update = ahead.this_update, next_update = ahead.next_update, der = ahead.der
            FROM crls_ahead AS ahead
            WHERE crls.authority_id = {root.Id} AND ahead.authority_id = {root.Id} AND ahead.number = {next} AND crls.number < {next}
            """,
            ct);
        await shelf.Load(root.Id, ct);
    }

    // An imported authority whose last list is not known may have published some elsewhere: seconds since 1970 are above any number counted by hand.
    private static long FirstNumber(IssuingAuthority authority) =>
        authority.Row.Imported != 0 ? authority.Row.CreatedAt / 1000 : 1;
}
