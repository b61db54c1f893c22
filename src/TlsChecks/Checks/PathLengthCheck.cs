using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>No authority has more authorities under it than it may.</summary>
internal sealed class PathLengthCheck() : TlsCheck("path_length", Severity.Critical, "RFC 5280 4.2.1.9")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        var members = listener.Path?.Members ?? [];
        for (var i = 1; i < members.Count; i++)
        {
            var below = members.Skip(1).Take(i - 1).Count(m => !m.IsSelfIssued);
            if (members[i].PathLength is { } allowed && below > allowed)
            {
                yield return Found($"\"{Naming.Show(members[i])}\" allows {allowed} authorities below it, there are {below}");
            }
        }
    }
}
