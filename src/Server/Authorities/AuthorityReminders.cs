namespace Countersign.Server.Authorities;

/// <summary>What about the authorities waits for a person.</summary>
internal enum AuthorityMatter
{
    /// <summary>None is active.</summary>
    Missing,

    /// <summary>The active one ends.</summary>
    Ends,

    /// <summary>Its key can be computed by others: it was imported for a laboratory.</summary>
    Insecure,

    /// <summary>A root's key has to be opened to sign the revocation lists of the time to come.</summary>
    ListsEnd,
}

/// <param name="Matter">What it is.</param>
/// <param name="Authority">Which; null where there is none.</param>
/// <param name="At">When it happens.</param>
internal sealed record AuthorityReminder(AuthorityMatter Matter, IssuingAuthority? Authority, DateTimeOffset At);

/// <summary>Looks ahead, so that nothing about an authority ends unnoticed.</summary>
internal sealed class AuthorityReminders(AuthorityDirectory directory, RootLists lists, TimeProvider time)
{
    private static readonly TimeSpan EndNotice = TimeSpan.FromDays(180);
    private static readonly TimeSpan ListsNotice = TimeSpan.FromDays(60);

    internal async Task<IReadOnlyList<AuthorityReminder>> Of(string organisationId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var all = await directory.Of(organisationId, ct);
        var found = new List<AuthorityReminder>();
        if (all.FirstOrDefault(a => a is { Kind: AuthorityKind.Issuing, State: AuthorityStage.Active }) is not { } active)
        {
            found.Add(new AuthorityReminder(AuthorityMatter.Missing, null, now));
        }
        else if (active.Certificate.NotAfter - now < EndNotice)
        {
            found.Add(new AuthorityReminder(AuthorityMatter.Ends, active, active.Certificate.NotAfter));
        }

        found.AddRange(all.Where(a => a.IsTrusted && a.IsInsecure).Select(a => new AuthorityReminder(AuthorityMatter.Insecure, a, now)));
        foreach (var root in all.Where(a => a.IsTrusted))
        {
            if (await ListsEnd(root, ct) is { } end)
            {
                found.Add(new AuthorityReminder(AuthorityMatter.ListsEnd, root, end));
            }
        }

        return found;
    }

    /// <summary>When the lists of a root run out, if that is soon and before the root itself ends; null otherwise.</summary>
    internal async Task<DateTimeOffset?> ListsEnd(IssuingAuthority root, CancellationToken ct) =>
        RootAct.IsHere(root) && await lists.Until(root.Id, ct) is { } end
            && end < root.Certificate.NotAfter && end - time.GetUtcNow() < ListsNotice ? end : null;
}
