using Countersign.Pki;
using Countersign.Server.Resources;
using Microsoft.AspNetCore.Authorization;

namespace Countersign.Server.Access;

/// <summary>The refusal of a caller whose role an address does not let in: who they are here, and who may.</summary>
internal static class NotAllowed
{
    internal static RefusalException For(HttpContext context)
    {
        var groups = context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Where(a => !string.IsNullOrEmpty(a.Roles))
            .Select(a => a.Roles!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList() ?? [];
        if (context.CallerOrNull() is not { } caller || groups.Count == 0)
        {
            return new RefusalException(Refusal.Forbidden, Words.Of("Forbidden.RoleOrToken"));
        }

        // Each group has to be passed; the least powerful first, who is easiest to find.
        var needed = groups.Aggregate<IEnumerable<string>>((all, group) => all.Intersect(group, StringComparer.Ordinal)).Select(name => Enum.Parse<Role>(name)).OrderDescending().Select(r => r.ToString()).ToList();
        var who = caller.Kind == "token" ? "Forbidden.Token" : "Forbidden.Person";
        return new RefusalException(Refusal.Forbidden, Words.Of(who, caller.DisplayName, caller.Role, AnyOf(needed)));
    }

    internal static RefusalException ForScopes(Caller caller, IReadOnlyList<string> scopes, string? needed) => new(
        Refusal.Forbidden,
        needed is null
            ? Words.Of("Forbidden.Unlimited", caller.DisplayName, string.Join(", ", scopes))
            : Words.Of("Forbidden.Scope", caller.DisplayName, string.Join(", ", scopes), needed));

    private static string AnyOf(List<string> names) =>
        names.Count < 2 ? string.Concat(names) : Words.Of("Forbidden.Or", string.Join(", ", names.SkipLast(1)), names[^1]);
}
