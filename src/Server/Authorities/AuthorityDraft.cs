using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Authorities.Keys;

namespace Countersign.Server.Authorities;

/// <summary>One authority about to be written: its certificate and where its key is.</summary>
internal sealed record AuthorityDraft(string Id, AuthorityKind Kind, string? ParentId, Certificate Certificate, string? KeyId);

/// <summary>A generation about to be written, the issuing authority among it.</summary>
internal sealed record GenerationDraft(string OrganisationId, SuccessionMode Mode, string BaseAddress, IReadOnlyList<AuthorityDraft> Authorities)
{
    /// <summary>Made elsewhere.</summary>
    internal bool Imported { get; init; }

    /// <summary>What imported authorities had revoked elsewhere and goes on being revoked.</summary>
    internal long RevocationsTakenOver { get; init; }

    /// <summary>Imported authorities whose earlier revocations are forgotten, as a person said.</summary>
    internal IReadOnlyList<string> RevocationsForgotten { get; init; } = [];

    /// <summary>An authority of a former generation that stays, because the new one is under it.</summary>
    internal string? KeptRootId { get; init; }

    internal AuthorityDraft Issuing => Authorities.Single(a => a.Kind == AuthorityKind.Issuing);
}

/// <summary>The profiles authorities are made with.</summary>
internal static class AuthorityProfiles
{
    internal const int RootDays = 7305;
    internal const int IssuingDays = 3652;

    /// <summary>Room for one more level, so that the profile for subordinate authorities can be used.</summary>
    private const int IssuingPathLength = 1;

    internal static IssuingProfile Root(int days) => BuiltInProfiles.RootCa with { Validity = TimeSpan.FromDays(days), MaximumValidity = TimeSpan.FromDays(days) };

    internal static IssuingProfile Issuing(int days, int? parentPathLength, NameConstraints? constraints) => BuiltInProfiles.SubCa with
    {
        Name = "issuing-ca",
        Validity = TimeSpan.FromDays(days),
        MaximumValidity = TimeSpan.FromDays(days),
        PathLength = parentPathLength is { } limit ? Math.Clamp(limit - 1, 0, IssuingPathLength) : IssuingPathLength,
        Constraints = constraints,
        AllowedKeys = [KeyKind.EcP256, KeyKind.EcP384, KeyKind.EcP521, KeyKind.Rsa],
    };
}
