namespace Countersign.Contracts;

/// <summary>A one-time enrolment code; never the code itself.</summary>
public sealed record EnrolmentCodeView
{
    /// <summary>Identifier; also the user name when it is used with HTTP Basic.</summary>
    public required string Id { get; init; }

    /// <summary>Issuing profile it is bound to.</summary>
    public required string Profile { get; init; }

    /// <summary>Names it may ask for; <c>*.example.test</c> allows one label.</summary>
    public IReadOnlyList<string> AllowedNames { get; set; } = [];

    /// <summary>Who will use it.</summary>
    public string? Requester { get; init; }

    /// <summary>Made at, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Ends at, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Used at, UTC.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>The request it was used for.</summary>
    public string? RequestId { get; init; }

    /// <summary>True if its request is approved by rule while its names are within the allowance.</summary>
    public bool ApprovesByRule { get; init; }
}

/// <summary>Body of <c>POST /api/v1/enrolment/codes</c>.</summary>
public sealed record CreateEnrolmentCode
{
    /// <summary>Issuing profile.</summary>
    public required string Profile { get; init; }

    /// <summary>Names it may ask for; none means any, and then an officer decides.</summary>
    public IReadOnlyList<string> AllowedNames { get; set; } = [];

    /// <summary>Who will use it.</summary>
    public string? Requester { get; init; }

    /// <summary>Life in hours; absent means 72.</summary>
    public int? Hours { get; init; }

    /// <summary>True approves its request by rule while its names are within the allowance.</summary>
    public bool ApprovesByRule { get; init; }
}

/// <summary>Answer to the making of a code: the only time it is shown.</summary>
public sealed record CreatedEnrolmentCode
{
    /// <summary>The code's record.</summary>
    public required EnrolmentCodeView Code { get; init; }

    /// <summary>The code: the password for HTTP Basic, with any user name.</summary>
    public required string Secret { get; init; }
}

/// <summary>An enrolment account for HTTP Basic; never its password.</summary>
public sealed record EnrolmentAccountView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>User name.</summary>
    public required string Name { get; init; }

    /// <summary>Issuing profiles it may use.</summary>
    public IReadOnlyList<string> Profiles { get; set; } = [];

    /// <summary>Names it may ask for; <c>*.example.test</c> allows one label.</summary>
    public IReadOnlyList<string> AllowedNames { get; set; } = [];

    /// <summary>Made at, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>False when switched off.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Last used, UTC.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>Body of <c>POST /api/v1/enrolment/accounts</c>.</summary>
public sealed record CreateEnrolmentAccount
{
    /// <summary>User name.</summary>
    public required string Name { get; init; }

    /// <summary>Password; absent lets the server make one and show it once.</summary>
    public string? Password { get; init; }

    /// <summary>Issuing profiles it may use.</summary>
    public required IReadOnlyList<string> Profiles { get; init; }

    /// <summary>Names it may ask for without being flagged.</summary>
    public IReadOnlyList<string> AllowedNames { get; set; } = [];
}

/// <summary>Answer to the making of an account: the only time a password made by the server is shown.</summary>
public sealed record CreatedEnrolmentAccount
{
    /// <summary>The account.</summary>
    public required EnrolmentAccountView Account { get; init; }

    /// <summary>The password, if the server made it.</summary>
    public string? Secret { get; init; }
}
