using System.Net;
using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Probing;

/// <summary>One address and port to be checked.</summary>
/// <param name="Host">Name or address to connect to.</param>
/// <param name="Port">TCP port.</param>
public sealed record Target(string Host, int Port)
{
    /// <summary>What comes before TLS; what is usual at the port unless said.</summary>
    public StartTls StartTls { get; init; } = StartTlsDialog.Usual(Port);

    /// <summary>"host:443"; addresses of version 6 in brackets.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>How far a probe came.</summary>
public enum ProbeState
{
    /// <summary>Certificates were received.</summary>
    Done,

    /// <summary>The name has no address.</summary>
    NotResolved,

    /// <summary>Nobody answers at the port.</summary>
    Unreachable,

    /// <summary>Somebody answers, but not with a handshake that shows a certificate.</summary>
    NoTls,
}

/// <summary>What a server showed, unjudged.</summary>
public sealed record Observation
{
    /// <summary>Where.</summary>
    public required Target Target { get; init; }

    /// <summary>The name it was asked for: in the handshake, and in its certificate.</summary>
    public required string Name { get; init; }

    /// <summary>How far the probe came.</summary>
    public required ProbeState State { get; init; }

    /// <summary>Why it came no further; what the platform said.</summary>
    public string? Fault { get; init; }

    /// <summary>What the name resolves to.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>As sent: in the server's order, with what is doubled or superfluous; up to the first that cannot be read.</summary>
    public IReadOnlyList<Certificate> Certificates { get; init; } = [];

    /// <summary>Why a certificate cannot be read.</summary>
    public string? Unreadable { get; init; }

    /// <summary>The revocation lists the certificates name; empty when they name none or none were asked for.</summary>
    public IReadOnlyList<FetchedList> Lists { get; init; } = [];

    /// <summary>What the responders the certificates name answered; empty when they name none or none were asked.</summary>
    public IReadOnlyList<FetchedAnswer> Answers { get; init; } = [];

    /// <summary>The OCSP answer that came with the certificate; null when none did.</summary>
    public Staple? Staple { get; init; }

    /// <summary>Whether one was asked for where it can be seen: up to TLS 1.2.</summary>
    public bool AskedForStaple { get; init; }

    /// <summary>The versions the server accepts, oldest first.</summary>
    public IReadOnlyList<TlsVersion> Versions { get; init; } = [];

    /// <summary>What the platform's TLS and the server agree on; null where they do not.</summary>
    public string? Suite { get; init; }

    /// <summary>Issuers that were fetched where certificates say they are; empty unless asked for.</summary>
    public IReadOnlyList<Certificate> Fetched { get; init; } = [];

    /// <summary>What the server does with each family of cipher suites up to TLS 1.2; empty when it was not asked.</summary>
    public IReadOnlyList<CipherOffer> Ciphers { get; init; } = [];

    /// <summary>How the server answers the offer of a WebSocket: "101 Switching Protocols" is a yes. Null when it was not offered.</summary>
    public string? WebSocket { get; init; }

    /// <summary>What an HTTP server calls itself.</summary>
    public string? ServerType { get; init; }
}
