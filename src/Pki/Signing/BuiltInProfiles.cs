using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>The profiles every organisation starts with. Copies of them may be changed; these are constants.</summary>
public static class BuiltInProfiles
{
    private static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(397);
    private static readonly TimeSpan ClientLifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan CaLifetime = TimeSpan.FromDays(3652);

    /// <summary>A TLS server: web, SIP over TLS, TURN, provisioning.</summary>
    public static IssuingProfile TlsServer { get; } = new()
    {
        Name = "tls-server",
        Description = "TLS server",
        KeyUsage = KeyUsages.DigitalSignature,
        ExtendedKeyUsages = [Oids.ServerAuth],
        Validity = ServerLifetime,
        MaximumValidity = ServerLifetime,
        Names = new() { SanKinds = ["dns", "ip"], CopyCommonName = true, SanRequired = true, WildcardAllowed = true },
    };

    /// <summary>The listeners of this server itself. Internal: never offered for requests, and never changed.</summary>
    public static IssuingProfile ServerOwn { get; } = TlsServer with
    {
        Name = "server-own",
        Description = "This server's own listeners",
        Names = TlsServer.Names with { WildcardAllowed = false },
    };

    /// <summary>A TLS client: an application, a device.</summary>
    public static IssuingProfile TlsClient { get; } = new()
    {
        Name = "tls-client",
        Description = "TLS client",
        KeyUsage = KeyUsages.DigitalSignature,
        ExtendedKeyUsages = [Oids.ClientAuth],
        Validity = ClientLifetime,
        MaximumValidity = ClientLifetime,
        Names = new() { SanKinds = ["dns", "ip", "email"] },
    };

    /// <summary>A node that is TLS server and TLS client with one key.</summary>
    public static IssuingProfile TlsBoth { get; } = TlsServer with
    {
        Name = "tls-both",
        Description = "TLS server and client",
        ExtendedKeyUsages = [Oids.ServerAuth, Oids.ClientAuth],
        Names = TlsServer.Names with { WildcardAllowed = false },
    };

    /// <summary>A person who signs on with a certificate.</summary>
    public static IssuingProfile Person { get; } = new()
    {
        Name = "person",
        Description = "A person signing on",
        KeyUsage = KeyUsages.DigitalSignature,
        ExtendedKeyUsages = [Oids.ClientAuth],
        Validity = ClientLifetime,
        MaximumValidity = ClientLifetime,
        Names = new() { SanKinds = ["email"], MaximumNames = 10 },
    };

    /// <summary>A SIP proxy or gateway of a domain (RFC 5922: URI sip:domain or a DNS name; RFC 5924: id-kp-sipDomain).</summary>
    public static IssuingProfile SipNode { get; } = TlsBoth with
    {
        Name = "sip-node",
        Description = "SIP server of a domain",
        ExtendedKeyUsages = [Oids.ServerAuth, Oids.ClientAuth, Oids.SipDomain],
        Names = TlsBoth.Names with { SanKinds = ["dns", "ip", "uri"], UriSchemes = ["sip"] },
    };

    /// <summary>A subordinate CA that issues to end entities only.</summary>
    public static IssuingProfile SubCa { get; } = new()
    {
        Name = "sub-ca",
        Description = "Subordinate certificate authority",
        KeyUsage = KeyUsages.KeyCertSign | KeyUsages.CrlSign | KeyUsages.DigitalSignature,
        Validity = CaLifetime,
        MaximumValidity = CaLifetime,
        IsCa = true,
        PathLength = 0,
        Names = new() { KeptAttributes = [.. NameRules.DefaultAttributes, Oids.EmailAddress] },
    };

    /// <summary>A root: self-signed, no limit on the path.</summary>
    public static IssuingProfile RootCa { get; } = SubCa with
    {
        Name = "root-ca",
        Description = "Root certificate authority",
        Validity = CaLifetime * 2,
        MaximumValidity = CaLifetime * 2,
        PathLength = null,
    };

    /// <summary>The delegated signer of OCSP answers (RFC 6960 4.2.2.2). Internal: never offered for requests.</summary>
    public static IssuingProfile OcspSigner { get; } = new()
    {
        Name = "ocsp-signer",
        Description = "OCSP signer",
        KeyUsage = KeyUsages.DigitalSignature,
        ExtendedKeyUsages = [Oids.OcspSigning],
        Validity = TimeSpan.FromDays(30),
        MaximumValidity = TimeSpan.FromDays(90),
        OcspNoCheck = true,
    };

    /// <summary>The profiles offered for requests.</summary>
    public static IReadOnlyList<IssuingProfile> Offered { get; } = [TlsServer, TlsClient, TlsBoth, Person, SipNode, SubCa];
}
