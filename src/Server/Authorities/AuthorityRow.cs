using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>What an authority is in its hierarchy.</summary>
internal enum AuthorityKind
{
    /// <summary>Anchor of trust; its key is opened only for an act.</summary>
    Root,

    /// <summary>Signs what is issued.</summary>
    Issuing,

    /// <summary>Known for the chain; its key is elsewhere.</summary>
    External,
}

/// <summary>The states of an authority, in the order it goes through them.</summary>
internal enum AuthorityStage
{
    /// <summary>Made or imported, pending until it is activated.</summary>
    Draft,

    /// <summary>Signs what is issued.</summary>
    Active,

    /// <summary>A newer generation took over; still trusted, signs only its CRL and OCSP answers.</summary>
    Retiring,

    /// <summary>No longer trusted. Its CRL and OCSP answers go on until it expires, so that those who still look learn it.</summary>
    Retired,

    /// <summary>Its key may be in other hands.</summary>
    Compromised,
}

/// <summary>What becomes of the generation before when one is activated.</summary>
internal enum SuccessionMode
{
    First,
    Replace,
    Rollover,
}

/// <summary>One authority as stored. Times are Unix milliseconds, UTC.</summary>
internal sealed record AuthorityRow
{
    internal static readonly Sql Columns = Sql.Raw(
        """
        a.id, a.organisation_id, a.generation, a.kind, a.parent_id, a.state, a.mode, a.certificate, a.sha256, a.key_id, a.base_address,
        a.created_at, a.activated_at, a.retired_at, a.imported, a.lost, a.confirmed
        """);

    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required long Generation { get; init; }

    public required string Kind { get; init; }

    public string? ParentId { get; init; }

    public required string State { get; init; }

    public required string Mode { get; init; }

    public required byte[] Certificate { get; init; }

    public required string Sha256 { get; init; }

    public string? KeyId { get; init; }

    public required string BaseAddress { get; init; }

    public long CreatedAt { get; init; }

    public long? ActivatedAt { get; init; }

    public long? RetiredAt { get; init; }

    public long Imported { get; init; }

    public long Lost { get; init; }

    public long Confirmed { get; init; }

    public string? Custody { get; init; }

    public byte[]? Sealed { get; init; }
}
