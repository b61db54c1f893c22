namespace Countersign.Client.Output;

/// <summary>What monitoring systems understand as the exit code of a check (Monitoring Plugins Development Guidelines, "Plugin Return Codes").</summary>
internal enum CheckState
{
    Ok = 0,
    Warning = 1,
    Critical = 2,
    Unknown = 3,
}

/// <summary>countersign check --json.</summary>
/// <param name="State">The worst of all.</param>
/// <param name="CheckedAt">When.</param>
/// <param name="Trust">The bundle that was believed.</param>
/// <param name="Listeners">In the order asked for.</param>
internal sealed record CheckAnswer(CheckState State, DateTimeOffset CheckedAt, string Trust, IReadOnlyList<ListenerAnswer> Listeners);

/// <summary>One port.</summary>
internal sealed record ListenerAnswer
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>The name asked for.</summary>
    public required string Name { get; init; }

    public required CheckState State { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>What an HTTP server calls itself.</summary>
    public string? ServerType { get; init; }

    public required IReadOnlyList<string> TlsVersions { get; init; }

    public string? CipherSuite { get; init; }

    /// <summary>Of the worst family of cipher suites the server accepts: A, B, C or F.</summary>
    public string? CipherGrade { get; init; }

    /// <summary>What the server does with each family up to TLS 1.2; empty where it speaks TLS 1.3 only.</summary>
    public required IReadOnlyList<CipherAnswer> Ciphers { get; init; }

    /// <summary>What comes before TLS: "smtp", "ldap", "imap", "pop3"; null for nothing.</summary>
    public string? StartTls { get; init; }

    /// <summary>The answer to the offer of a WebSocket.</summary>
    public string? WebSocket { get; init; }

    /// <summary>A way to a root that is believed was found.</summary>
    public required bool Trusted { get; init; }

    /// <summary>The name is among the certificate's.</summary>
    public required bool NameListed { get; init; }

    public int? DaysLeft { get; init; }

    /// <summary>The OCSP answer that came with the certificate: "good", "revoked", "unknown", "unreadable", or "none"; null where it was not asked for.</summary>
    public string? Staple { get; init; }

    /// <summary>Until when that answer may be kept.</summary>
    public DateTimeOffset? StapleUntil { get; init; }

    /// <summary>As sent; the first is the server's own.</summary>
    public required IReadOnlyList<SentCertificate> Chain { get; init; }

    /// <summary>What the server should send instead, its own certificate first and no root; null where that is what it sends, or no way to a root is known.</summary>
    public IReadOnlyList<SentCertificate>? ProposedChain { get; init; }

    public required IReadOnlyList<CheckFinding> Findings { get; init; }
}

/// <summary>One family of cipher suites.</summary>
/// <param name="Family">Its name.</param>
/// <param name="Grade">How good it is.</param>
/// <param name="Accepted">Whether the server takes it.</param>
/// <param name="Suite">The suite it chose.</param>
internal sealed record CipherAnswer(string Family, string Grade, bool Accepted, string? Suite);

/// <summary>A certificate as sent.</summary>
internal sealed record SentCertificate
{
    public required string Subject { get; init; }

    public string? CommonName { get; init; }

    public required string Issuer { get; init; }

    public required IReadOnlyList<string> Sans { get; init; }

    public required string Serial { get; init; }

    public required string SerialDecimal { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required string Key { get; init; }

    public required string SignatureAlgorithm { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>With --chain.</summary>
    public string? Pem { get; init; }
}

/// <summary>One finding.</summary>
internal sealed record CheckFinding(string Code, string Severity, string Detail, string Meaning, string Remedy, string Citation);

/// <summary>countersign bundle --json: the certificates in the order a server sends them.</summary>
internal sealed record BundleAnswer(string File, IReadOnlyList<BundlePart> Certificates);

/// <summary>One certificate of a file.</summary>
/// <param name="Role">leaf, intermediate or root.</param>
/// <param name="Needed">A server sends it.</param>
/// <param name="Places">Where in the file it stands, from 1.</param>
/// <param name="File">The file it was written to.</param>
/// <param name="Certificate">The certificate.</param>
internal sealed record BundlePart(string Role, bool Needed, IReadOnlyList<int> Places, string? File, SentCertificate Certificate);
