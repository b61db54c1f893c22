using Countersign.Pki.Requests;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Profiles;

namespace Countersign.Server.Requests;

/// <summary>A request that passed the door and is about to be stored.</summary>
/// <param name="Names">What the profile grants of it by itself.</param>
/// <param name="Outside">Names outside the requester's allowance.</param>
internal sealed record NewRequest(string Id, Submission Submission, Profile Profile, CertificationRequest Csr, IssuanceRequest Names, IReadOnlyList<string> Outside, string? Renews)
{
    public string OrganisationId => Submission.OrganisationId;

    public string SourceClass => Submission.Door.ToString();
}

/// <summary>The insert found the key rejected or queued, or the place taken; <see cref="RequestLedger.Explain"/> says which.</summary>
internal sealed class ClaimLost : Exception;

/// <summary>Whose place a certificate takes where a profile allows one active certificate per holder.</summary>
internal static class Holders
{
    public static string? Of(Profile profile, string? claimedRequester, DistinguishedName subject)
    {
        if (!profile.OneActivePerHolder)
            return null;
        var holder = claimedRequester is { Length: > 0 } ? claimedRequester : subject.ToString();
        return $"{profile.Name}|{holder.Trim().ToLowerInvariant()}";
    }
}
