using Countersign.Server.Access;
using Countersign.Server.Certificates;
using Countersign.Server.Requests;

namespace Countersign.Server.Est;

/// <summary>Who enrols, and what that lets it ask for.</summary>
internal sealed record EstCaller
{
    public required string OrganisationId { get; init; }

    public required Requester Requester { get; init; }

    public required Actor Actor { get; init; }

    /// <summary>Profiles it may use; empty means any.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>The one-time code it came with.</summary>
    public EnrolmentCode? Code { get; init; }

    /// <summary>The certificate of ours it proved to hold on this connection.</summary>
    public CertificateRow? Certificate { get; init; }
}
