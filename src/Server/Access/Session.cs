namespace Countersign.Server.Access;

/// <summary>How far a sign-in has come. Only a Full session lets anybody do anything else.</summary>
internal enum SessionStage
{
    /// <summary>The password was right; the second factor is missing.</summary>
    SecondFactor,

    /// <summary>Let in, but has to change the first password or to set up a second factor before anything else.</summary>
    Enrol,

    Full,
}

/// <summary>A row of the table sessions with what is needed of its administrator.</summary>
internal sealed record Session
{
    public string Id { get; init; } = "";

    public string OrganisationId { get; init; } = "";

    public string AdministratorId { get; init; } = "";

    public string AdministratorName { get; init; } = "";

    public string Role { get; init; } = "";

    public string Stage { get; init; } = "";

    public string? Challenge { get; init; }

    public byte[]? TotpOffer { get; init; }

    public long StartedAt { get; init; }

    public long LastSeenAt { get; init; }

    public long ExpiresAt { get; init; }

    public string? SourceAddress { get; init; }

    public string? UserAgent { get; init; }
}
