using Countersign.Pki.Signing;

namespace Countersign.Server.Profiles;

/// <summary>An issuing profile of one organisation: the technical definition and the policy of who must agree.</summary>
internal sealed record Profile(
    string Id,
    string OrganisationId,
    string Name,
    string Title,
    IssuingProfile Definition,
    int ApprovalsNeeded,
    bool Automatic,
    bool OneActivePerHolder,
    bool Enabled)
{
    /// <summary>Counts the changes; 0 while it is not saved.</summary>
    public long Version { get; init; }
}
