namespace Countersign.Contracts;

/// <summary>An administrator.</summary>
public sealed record AdministratorView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Sign-in name.</summary>
    public required string Name { get; init; }

    /// <summary><c>PrimaryAdministrator</c>, <c>CaOfficer</c>, <c>Operator</c>, <c>HelpDesk</c> or <c>Auditor</c>.</summary>
    public required string Role { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Second factors set up: <c>totp</c>, <c>passkey</c>, <c>certificate</c>.</summary>
    public IReadOnlyList<string> SecondFactors { get; set; } = [];

    /// <summary>SHA-256 thumbprints of the certificates that may sign in, lower-case hex.</summary>
    public IReadOnlyList<string> Certificates { get; set; } = [];

    /// <summary>Locked out until, UTC.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>False when switched off.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Last sign-in, UTC.</summary>
    public DateTimeOffset? LastSignInAt { get; init; }
}

/// <summary>Body of <c>POST /api/v1/administrators</c>.</summary>
public sealed record CreateAdministrator
{
    /// <summary>Sign-in name.</summary>
    public required string Name { get; init; }

    /// <summary>Role.</summary>
    public required string Role { get; init; }

    /// <summary>First password; must be changed at the first sign-in.</summary>
    public required string Password { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }
}

/// <summary>Body of <c>PATCH /api/v1/administrators/{id}</c>; what is absent stays.</summary>
public sealed record ChangeAdministrator
{
    /// <summary>New role.</summary>
    public string? Role { get; init; }

    /// <summary>False switches the account off: its sessions end and its tokens stop.</summary>
    public bool? Enabled { get; init; }

    /// <summary>New first password; must be changed at the next sign-in. All sessions end.</summary>
    public string? Password { get; init; }

    /// <summary>With <see cref="Password"/>: second factors are removed too and set up again at the next sign-in.</summary>
    public bool ResetSecondFactors { get; init; }

    /// <summary>True ends a lock-out.</summary>
    public bool Unlock { get; init; }

    /// <summary>SHA-256 thumbprint, hexadecimal, of a certificate the administrator may sign in with.</summary>
    public string? CertificateSha256 { get; init; }
}

/// <summary>A signed-in session.</summary>
public sealed record SessionView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Whose.</summary>
    public required string Administrator { get; init; }

    /// <summary>Since, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Last used, UTC.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>From where.</summary>
    public string? SourceAddress { get; init; }

    /// <summary>The browser's own description.</summary>
    public string? UserAgent { get; init; }
}

/// <summary>An API token; never its secret.</summary>
public sealed record TokenView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for.</summary>
    public required string Name { get; init; }

    /// <summary>Role it acts with.</summary>
    public string? Role { get; init; }

    /// <summary>What it may do: <c>requests:submit</c>, <c>requests:decide</c>, <c>certificates:read</c> …; empty means whatever its role may.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>Names it may ask for; empty means not narrowed.</summary>
    public IReadOnlyList<string> AllowedNames { get; set; } = [];

    /// <summary>Made at, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Ends at, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Last used, UTC.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Revoked at, UTC.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>Body of <c>POST /api/v1/tokens</c>.</summary>
public sealed record CreateToken
{
    /// <summary>What it is for.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do; never more than its maker may.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>Role it acts with; absent means its maker's. Only a primary administrator can give another one.</summary>
    public string? Role { get; init; }

    /// <summary>Names it may ask for; <c>*.example.test</c> allows one label. Empty means not narrowed.</summary>
    public IReadOnlyList<string> AllowedNames { get; set; } = [];

    /// <summary>Life in days; absent means the server's default.</summary>
    public int? Days { get; init; }
}

/// <summary>Answer to the making of a token: the only time the secret is shown.</summary>
public sealed record CreatedToken
{
    /// <summary>The token.</summary>
    public required TokenView Token { get; init; }

    /// <summary>What to send as <c>Authorization: Bearer …</c>.</summary>
    public required string Secret { get; init; }
}
